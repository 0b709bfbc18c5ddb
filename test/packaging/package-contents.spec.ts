import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  importedSpecifiers,
  libraryRoot,
  packageName,
  readManifest,
  repositoryRoot,
  requireBuild,
} from './built-library.js';

const run = promisify(execFile);
const packSchema = z.tuple([z.object({ files: z.array(z.object({ path: z.string() })) })]);

/** Peers of Nest itself: every application has them, our code need not name them. */
const UNNAMED_PEERS = ['reflect-metadata', 'rxjs'];

describe('the published package', () => {
  beforeAll(requireBuild);

  it('contains the build, README, LICENSE and package.json, and nothing else', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--foreground-scripts=false'], {
      cwd: libraryRoot,
    });
    const [{ files }] = packSchema.parse(JSON.parse(stdout));
    const paths = files.map((file) => file.path);
    const top = paths.filter((path) => !path.startsWith('dist/'));
    expect(top.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(paths).toContain('dist/index.js');
    expect(paths.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts)(\.map)?$/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.includes('.spec.'))).toEqual([]);
  });

  it('has every file that its manifest names', async () => {
    const { main, types, exports } = await readManifest();
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? target : [target.types, target.default],
    );
    expect([main, types, ...targets].filter((target) => !existsSync(join(libraryRoot, target)))).toEqual([]);
  });

  it('declares exactly the packages that it imports', async () => {
    const { dependencies, peerDependencies } = await readManifest();
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const imported = await importedPackages();
    expect(imported.filter((name) => !declared.includes(name))).toEqual([]);
    expect(declared.filter((name) => !imported.includes(name) && !UNNAMED_PEERS.includes(name))).toEqual([]);
  });

  it.each(['.', './redis', './testing'])('loads %s by import and by require', async (entry) => {
    const specifier = entry.replace(/^\./, 'nestjs-sms-otp');
    const print = (names: string) => `console.log(Object.keys(${names}).length > 0)`;
    const byImport = await run(process.execPath, ['-e', `import('${specifier}').then((all) => ${print('all')})`], {
      cwd: repositoryRoot,
    });
    expect(byImport.stdout).toBe('true\n');
    const byRequire = await run(process.execPath, ['-e', print(`require('${specifier}')`)], { cwd: repositoryRoot });
    expect(byRequire.stdout).toBe('true\n');
  });
});

async function importedPackages(): Promise<string[]> {
  const dist = join(libraryRoot, 'dist');
  const files = (await readdir(dist, { recursive: true })).filter((file) => /\.(js|d\.ts)$/.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(dist, file), 'utf8')));
  const names = texts
    .flatMap(importedSpecifiers)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .filter((specifier) => !builtinModules.includes(specifier))
    .map(packageName);
  return [...new Set(names)].toSorted();
}
