import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import repository from '../../vitest.config.js';

/** Not among the projects of the repository: taking pictures is no test. */
export default defineConfig({
  ...mergeConfig(
    { resolve: repository.resolve, oxc: repository.oxc },
    {
      root: fileURLToPath(new URL('../../', import.meta.url)),
      test: {
        include: ['test/screenshots/take.ts'],
        pool: 'forks',
        testTimeout: 120_000,
        hookTimeout: 60_000,
        // A desk with a whole hour of traffic.
        env: { OTP_EFFORT: 'long' },
      },
    },
  ),
});
