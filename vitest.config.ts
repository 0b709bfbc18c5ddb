import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutating } from './test/mutations/mutate.plugin.js';

const source = (path: string) => fileURLToPath(new URL(`./libs/otp/src/${path}`, import.meta.url));

const contract = ['test/contract/**/*.spec.ts'];
/** What needs a browser. */
const e2e = ['test/e2e/**/*.spec.ts', 'libs/*/test/**/*.spec.ts'];

/** Compiled and never run, against the built library, as an application compiles. */
const typeTests = (program: string) => ({
  extends: true as const,
  test: {
    name: `types-${program}`,
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: [`test/types/${program}/*.test-d.ts`],
      tsconfig: `test/types/${program}/tsconfig.json`,
    },
  },
});

export default defineConfig({
  // One guard of the library taken out, when `npm run test:mutations` says so.
  plugins: mutating(process.env['OTP_MUTATION']),
  // Decorator metadata for constructor injection, in every file and not only in those that a tsconfig lists.
  oxc: {
    decorator: { legacy: true, emitDecoratorMetadata: true },
    jsx: { runtime: 'automatic', importSource: 'preact' },
  },
  resolve: {
    alias: [
      { find: /^nestjs-sms-otp$/, replacement: source('index.ts') },
      { find: /^nestjs-sms-otp\/redis$/, replacement: source('stores/redis/index.ts') },
      { find: /^nestjs-sms-otp\/transports\/(.+)$/, replacement: source('delivery/transports/$1.transport.ts') },
      { find: /^nestjs-sms-otp\/testing$/, replacement: source('testing/index.ts') },
    ],
  },
  test: {
    pool: 'forks',
    // Spec files share processes, because loading Nest and its packages costs more than most of them do.
    isolate: false,
    setupFiles: ['test/support/fresh-modules.ts'],
    // One more than cores, because many a test waits: for a deadline, a server or a browser.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Every spec file of the repository is in exactly one project.
    projects: [
      { extends: true, test: { name: 'unit', include: ['libs/*/src/**/*.spec.ts', 'apps/*/src/**/*.spec.ts'] } },
      { extends: true, test: { name: 'contract', include: contract } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/**/*.spec.ts', 'apps/*/test/**/*.spec.ts'],
          exclude: [...contract, ...e2e, '**/node_modules/**', '**/dist/**'],
        },
      },
      { extends: true, test: { name: 'e2e', include: e2e } },
      // Two programs: what an application registers is global to one.
      typeTests('registered'),
      typeTests('unregistered'),
    ],
  },
});
