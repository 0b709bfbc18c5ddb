import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  builtFiles,
  importedSpecifiers,
  libraryRoot,
  packageName,
  readEntries,
  readManifest,
  requireBuild,
} from './built-library.js';

/** Peers of Nest itself: every application has them, our code need not name them. */
const UNNAMED_PEERS = ['reflect-metadata', 'rxjs'];

describe('the manifest', () => {
  beforeAll(requireBuild);

  it('names the entries that the documentation promises, and files that exist', async () => {
    const entries = await readEntries();
    const specifiers = entries.map(({ specifier }) => specifier);
    expect(specifiers).toEqual(
      expect.arrayContaining(['nestjs-sms-otp', 'nestjs-sms-otp/redis', 'nestjs-sms-otp/testing']),
    );
    const transports = (await builtFiles(/\.transport\.js$/)).map((file) => /([^/]+)\.transport\.js$/.exec(file)?.[1]);
    expect(transports).toEqual(expect.arrayContaining(['console', 'https']));
    expect(specifiers.filter((name) => name.includes('/transports/'))).toEqual(
      transports.map((name) => `nestjs-sms-otp/transports/${name}`),
    );
    const { main, types } = await readManifest();
    const files = [main, types, ...entries.flatMap((entry) => [entry.types, entry.code])];
    expect(files.filter((file) => !existsSync(join(libraryRoot, file)))).toEqual([]);
  });

  it('declares exactly the packages that the code imports', async () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = await readManifest();
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const imported = await importedPackages();
    expect(imported.filter((name) => !declared.includes(name))).toEqual([]);
    const code = await Promise.all(
      (await builtFiles(/\.js$/)).map((file) => readFile(join(libraryRoot, file), 'utf8')),
    );
    const isUsed = (name: string) =>
      imported.includes(name) ||
      // An optional peer may be loaded by a function that is given its name.
      (Object.hasOwn(peerDependenciesMeta, name) && code.some((text) => namesInString(text, name)));
    expect(declared.filter((name) => !isUsed(name) && !UNNAMED_PEERS.includes(name))).toEqual([]);
  });

  it('pins argon2 to the release whose prebuilt binary runs on Node 20', async () => {
    const { dependencies } = await readManifest();
    expect(dependencies['argon2']).toBe('0.44.0');
  });
});

/** `'name'` or `'name/sub/path'`, in any quotes. */
function namesInString(text: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${name}${quote}`) || text.includes(`${quote}${name}/`));
}

async function importedPackages(): Promise<readonly string[]> {
  const files = await builtFiles(/\.(?:js|d\.ts)$/);
  const texts = await Promise.all(files.map((file) => readFile(join(libraryRoot, file), 'utf8')));
  const names = texts
    .flatMap(importedSpecifiers)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:') && specifier !== 'node')
    .filter((specifier) => !builtinModules.includes(specifier))
    .map(packageName);
  return [...new Set(names)].toSorted();
}
