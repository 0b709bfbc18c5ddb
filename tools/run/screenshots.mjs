import { ensurePackages } from './install.mjs';
import { mustRunTool, step } from './steps.mjs';
import { ensurePrograms } from './system-packages.mjs';

/** Walks through the demo in a browser and writes its pictures to `docs/images`. */
export async function screenshots(args) {
  await ensurePackages();
  await ensurePrograms(['redis-server', 'chromium']);
  await step('Taking pictures', () =>
    mustRunTool('vitest', ['run', '--config', 'test/screenshots/vitest.config.ts', ...args]),
  );
  return 0;
}
