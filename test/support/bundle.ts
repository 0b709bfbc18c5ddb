import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Bundle {
  /** The program, to be run by Node as it is. */
  readonly file: string;
  remove(): Promise<void>;
}

/** One file of an application and of the library's sources, translated as the tests are; packages stay where they are. */
export async function bundle(entry: string): Promise<Bundle> {
  const loaded = await loadConfigFromFile({ command: 'build', mode: 'test' }, join(root, 'vitest.config.ts'));
  if (loaded === null) {
    throw new Error('vitest.config.ts is not there');
  }
  const { oxc, resolve } = loaded.config;
  // Where the library's own packages are found, in its versions.
  const packages = join(root, 'libs/otp/node_modules');
  await mkdir(packages, { recursive: true });
  const outDir = await mkdtemp(join(packages, '.bundle-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ...(oxc === undefined ? {} : { oxc }),
    ...(resolve === undefined ? {} : { resolve }),
    ssr: { external: true },
    build: { ssr: entry, outDir, emptyOutDir: true, target: 'node20', minify: false },
  });
  const name = entry.replace(/^.*\/|\.ts$/g, '');
  return { file: join(outDir, `${name}.js`), remove: () => rm(outDir, { recursive: true, force: true }) };
}
