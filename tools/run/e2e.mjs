import { ensureBuilt } from './build.mjs';
import { ensurePackages } from './install.mjs';
import { run, toolPath } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

/** Everybody walks through the demo in every way and setting, of which `npm test` does a share. Arguments go to vitest. */
export async function e2e(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server', 'chromium']);
  await ensureBuilt();
  return run(process.execPath, [toolPath('vitest'), 'run', '--project=e2e', '--allowOnly=false', ...args], {
    env: { ...process.env, OTP_EFFORT: 'long' },
  });
}
