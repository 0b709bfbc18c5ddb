import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { root, run } from './steps.mjs';

/** Installs and builds what is missing, then becomes the demo. Resolves to the demo's exit code. */
export async function demo() {
  await ensurePackages();
  await ensureBuilt();
  return run(process.execPath, [`${root}apps/demo/dist/main.js`]);
}
