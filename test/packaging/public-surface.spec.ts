import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { importedSpecifiers, libraryRoot, packageName, readManifest, requireBuild } from './built-library.js';

/** What a consumer's compiler may have to know. Types of any other package would become part of our API. */
const ALLOWED = ['@nestjs/common', '@nestjs/core', 'rxjs'];
const ENTRIES = [
  { entry: 'dist/index', allowed: ALLOWED },
  { entry: 'dist/stores/redis/index', allowed: [...ALLOWED, 'ioredis'] },
  { entry: 'dist/testing/index', allowed: [...ALLOWED, '@nestjs/testing'] },
];

describe('public surface', () => {
  beforeAll(requireBuild);

  it.each(ENTRIES)('the types of $entry reach only those of allowed packages', async ({ entry, allowed }) => {
    const packages = await reachablePackages(entry, '.d.ts', importedSpecifiers);
    expect(packages.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('the main entry loads no optional peer', async () => {
    const { peerDependenciesMeta } = await readManifest();
    const packages = await reachablePackages('dist/index', '.js', staticImports);
    expect(packages).toContain('@nestjs/common');
    expect(packages.filter((name) => Object.hasOwn(peerDependenciesMeta, name))).toEqual([]);
  });
});

/** A dynamic `import()` loads a package only when an option asks for it. */
function staticImports(text: string): string[] {
  return importedSpecifiers(text.replaceAll(/\bimport\s*\(/g, 'dynamic('));
}

async function reachablePackages(
  entry: string,
  extension: '.d.ts' | '.js',
  specifiers: (text: string) => string[],
): Promise<string[]> {
  const packages = new Set<string>();
  const pending = [`${entry}${extension}`];
  const seen = new Set<string>();
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file)) {
      continue;
    }
    seen.add(file);
    for (const specifier of specifiers(await readFile(join(libraryRoot, file), 'utf8'))) {
      if (specifier.startsWith('.')) {
        const target = join(dirname(file), specifier).replace(/\.js$/, extension);
        expect(existsSync(join(libraryRoot, target)), `${file} imports ${specifier}`).toBe(true);
        pending.push(target);
      } else if (!specifier.startsWith('node:')) {
        packages.add(packageName(specifier));
      }
    }
  }
  return [...packages].toSorted();
}
