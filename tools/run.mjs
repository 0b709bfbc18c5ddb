// The repository's commands: `npm run demo`, `npm test`, `npm run bench`, `npm run simulate`, `npm run test:faults` and
// `npm run screenshots` come here.
// Plain Node, no dependencies: this file runs before anything is installed.
import { checkNodeVersion } from './run/node-version.mjs';

checkNodeVersion();

// Loaded after the check, so that an old Node meets the message above and not a syntax error.
const { StepFailure } = await import('./run/steps.mjs');
const [command, ...args] = process.argv.slice(2);
const commands = {
  demo: async () => (await import('./run/demo.mjs')).demo(),
  test: async () => (await import('./run/test.mjs')).test(args),
  attacks: async () => (await import('./run/attacks.mjs')).attacks(args),
  e2e: async () => (await import('./run/e2e.mjs')).e2e(args),
  mutations: async () => (await import('./run/mutations.mjs')).mutations(args),
  fuzz: async () => (await import('./run/fuzz.mjs')).fuzz(args),
  soak: async () => (await import('./run/soak.mjs')).soak(args),
  bench: async () => (await import('./run/bench.mjs')).bench(args),
  simulate: async () => (await import('./run/simulate.mjs')).simulate(args),
  faults: async () => (await import('./run/faults.mjs')).faults(args),
  screenshots: async () => (await import('./run/screenshots.mjs')).screenshots(args),
};

if (!Object.hasOwn(commands, command ?? '')) {
  console.error(`Usage: node tools/run.mjs ${Object.keys(commands).join('|')}`);
  process.exit(2);
}

try {
  process.exitCode = await commands[command]();
} catch (error) {
  if (!(error instanceof StepFailure)) {
    throw error;
  }
  console.error(`\n✗ ${error.message}`);
  process.exitCode = error.exitCode;
}
