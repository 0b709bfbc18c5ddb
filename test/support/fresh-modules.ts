import { vi } from 'vitest';

/**
 * Before each spec file. Spec files share a process, which loads each package once; what is ours every file loads again,
 * so that no state and no hook of one file is seen by the next.
 */
vi.resetModules();
vi.useRealTimers();
vi.unstubAllEnvs();
vi.unstubAllGlobals();
