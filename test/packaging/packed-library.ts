import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { libraryRoot, requireBuild } from './built-library.js';

const run = promisify(execFile);
const packSchema = z.tuple([z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) })]);

export interface PackedLibrary {
  /** The path of the `.tgz`. */
  readonly tarball: string;
  /** What is in it. */
  readonly files: readonly string[];
}

/** Packs the library into a folder, as `npm publish` would. */
export async function packLibrary(folder: string): Promise<PackedLibrary> {
  requireBuild();
  const args = ['pack', '--json', '--foreground-scripts=false', `--pack-destination=${folder}`];
  const { stdout } = await run('npm', args, { cwd: libraryRoot, env: npmEnvironment() });
  const [{ filename, files }] = packSchema.parse(JSON.parse(stdout));
  return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

/** What `npm test` tells its children about its own package would mislead an npm that works on another one. */
export function npmEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:NODE_ENV|INIT_CWD|npm_(?:package|lifecycle)_.*|npm_config_local_prefix)$/i.test(name),
    ),
  );
}
