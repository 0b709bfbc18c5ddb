import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { mustRunTool, root, run, step } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

/** Measures the built library, as an application would load it. Resolves to the benchmark's exit code. */
export async function bench(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server']);
  await ensureBuilt();
  await step('Compiling the benchmark', () => mustRunTool('tsc', ['-p', 'tools/tsconfig.bench.json']));
  return run(process.execPath, [`${root}test/bench/dist/bench/main.js`, ...args]);
}
