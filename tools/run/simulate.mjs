import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { mustRunTool, root, run, step } from './steps.mjs';

/** Plays days of traffic against the built library. Resolves to the simulation's exit code. */
export async function simulate(args) {
  await ensurePackages();
  await ensureBuilt();
  await step('Compiling the simulation', () => mustRunTool('tsc', ['-p', 'tools/tsconfig.simulation.json']));
  return run(process.execPath, [`${root}test/simulation/dist/main.js`, ...args]);
}
