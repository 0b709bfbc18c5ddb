import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { mustRunTool, root, run, step } from './steps.mjs';

/** Plays days of traffic against the built library. Resolves to the simulation's exit code. */
export async function simulate(args) {
  return runCompiled('main.js', args);
}

/** Sends through the built library to providers that fail in every way. Resolves to 1 when a promise was broken. */
export async function simulateFaults(args) {
  return runCompiled('delivery/main.js', args);
}

async function runCompiled(entry, args) {
  await ensurePackages();
  await ensureBuilt();
  await step('Compiling the simulation', () => mustRunTool('tsc', ['-p', 'tools/tsconfig.simulation.json']));
  return run(process.execPath, [`${root}test/simulation/dist/${entry}`, ...args]);
}
