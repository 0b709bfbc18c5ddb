import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  importedSpecifiers,
  libraryRoot,
  packageName,
  readEntries,
  readManifest,
  requireBuild,
  type Entry,
} from './built-library.js';

/** What a consumer's compiler may have to know; Node's own modules beside it. Types of any other package would become part of our API. */
const ALLOWED = ['@nestjs/common', '@nestjs/core', '@standard-schema/spec', 'rxjs'];
const ALLOWED_IN: Readonly<Record<string, readonly string[]>> = { 'nestjs-sms-otp/redis': ['ioredis'] };

describe('public surface', () => {
  beforeAll(requireBuild);

  it('the types of every entry reach only those of allowed packages', async () => {
    const entries = await readEntries();
    const reached = await Promise.all(
      entries.map(async (entry) => {
        const allowed = [...ALLOWED, ...(ALLOWED_IN[entry.specifier] ?? [])];
        return [entry.specifier, (await reachedPackages(entry)).filter((name) => !allowed.includes(name))];
      }),
    );
    expect(Object.fromEntries(reached)).toEqual(Object.fromEntries(entries.map(({ specifier }) => [specifier, []])));
  });

  it('follows what declarations import', async () => {
    const reached = new Map<string, readonly string[]>();
    for (const entry of await readEntries()) {
      reached.set(entry.specifier, await reachedPackages(entry));
    }
    expect(reached.get('nestjs-sms-otp')).toContain('@nestjs/common');
    expect(reached.get('nestjs-sms-otp/redis')).toContain('ioredis');
    expect(reached.get('nestjs-sms-otp/testing')).toBeDefined();
    expect(reached.get('nestjs-sms-otp/transports/https')).toBeDefined();
  });

  it('an application that installs the package has the allowed packages too', async () => {
    const { dependencies, peerDependencies } = await readManifest();
    for (const name of [...ALLOWED, ...Object.values(ALLOWED_IN).flat()]) {
      expect({ ...dependencies, ...peerDependencies }).toHaveProperty([name]);
    }
  });
});

/** Packages of all declarations that an entry's declarations lead to. */
async function reachedPackages({ types }: Entry): Promise<readonly string[]> {
  const packages = new Set<string>();
  const pending = [types];
  const seen = new Set<string>();
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (seen.has(file)) {
      continue;
    }
    seen.add(file);
    for (const specifier of importedSpecifiers(await readFile(join(libraryRoot, file), 'utf8'))) {
      if (specifier.startsWith('.')) {
        const target = join(dirname(file), specifier).replace(/\.js$/, '.d.ts');
        expect(existsSync(join(libraryRoot, target)), `${file} imports ${specifier}`).toBe(true);
        pending.push(target);
      } else if (!specifier.startsWith('node:') && specifier !== 'node') {
        packages.add(packageName(specifier));
      }
    }
  }
  return [...packages].toSorted();
}
