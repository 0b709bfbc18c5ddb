import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { repositoryRoot } from './built-library.js';

const LIBRARY = 'libs/otp';

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dependencies: z.record(z.string(), z.string()).default({}),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

type Packages = z.infer<typeof lockSchema>['packages'];

export interface InstalledPackage {
  readonly name: string;
  /** Its folder in the repository. */
  readonly path: string;
}

/**
 * The packages that installing these dependencies of the library installs, themselves included; without names those of
 * all its dependencies. As the lock file has it, so it only changes when somebody changes the lock file.
 */
export async function readDependencyTree(also: readonly string[] = []): Promise<readonly InstalledPackage[]> {
  const packages = await readLock();
  return below(packages, [...Object.keys(packages[LIBRARY]?.dependencies ?? {}), ...also]);
}

/** The packages that one dependency of the library brings, without itself. */
export async function packagesBroughtBy(dependency: string): Promise<readonly InstalledPackage[]> {
  return below(await readLock(), [dependency]).filter(({ name }) => name !== dependency);
}

/** The bytes of all files of a package, without the packages installed inside it. */
export async function installedBytes({ path }: InstalledPackage): Promise<number> {
  return folderBytes(join(repositoryRoot, path));
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      bytes += entry.name === 'node_modules' ? 0 : await folderBytes(path);
    } else {
      bytes += (await stat(path)).size;
    }
  }
  return bytes;
}

function below(packages: Packages, names: readonly string[]): readonly InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  const pending = names.map((name) => ({ name, from: LIBRARY }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const path = resolve(packages, next.from, next.name);
    if (!found.has(path)) {
      found.set(path, { name: next.name, path });
      const { dependencies = {}, optionalDependencies = {} } = packages[path] ?? {};
      pending.push(...Object.keys({ ...dependencies, ...optionalDependencies }).map((name) => ({ name, from: path })));
    }
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Where Node finds a package: in the nearest `node_modules` on the way up. */
function resolve(packages: Packages, from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) {
      return path;
    }
    if (folder === '') {
      throw new Error(`package-lock.json has no ${name} for ${from}`);
    }
  }
}

async function readLock(): Promise<Packages> {
  const lock: unknown = JSON.parse(await readFile(join(repositoryRoot, 'package-lock.json'), 'utf8'));
  return lockSchema.parse(lock).packages;
}
