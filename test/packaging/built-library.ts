import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { z } from 'zod';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
export const libraryRoot = fileURLToPath(new URL('../../libs/otp/', import.meta.url));

const manifestSchema = z.object({
  main: z.string(),
  types: z.string(),
  exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string(), default: z.string() })])),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean() })),
});

export async function readManifest(): Promise<z.infer<typeof manifestSchema>> {
  return manifestSchema.parse(JSON.parse(await readFile(`${libraryRoot}package.json`, 'utf8')));
}

/** The tests of this folder look at what `npm run build` made, which `npm test` runs before them. */
export function requireBuild(): void {
  if (!existsSync(`${libraryRoot}dist/index.js`)) {
    throw new Error('The library is not built: run `npm run build` first');
  }
}

/** A file that the package offers, under the name by which an application imports it. */
export interface Entry {
  readonly specifier: string;
  readonly types: string;
  readonly code: string;
}

/** All entries with code, patterns spelled out: `./transports/*` is one entry for each transport that is built. */
export async function readEntries(): Promise<readonly Entry[]> {
  const { exports } = await readManifest();
  const files = await builtFiles(/\.js$/);
  return Object.entries(exports).flatMap(([subpath, target]) => {
    if (typeof target === 'string') {
      return [];
    }
    const [before = '', after = ''] = target.default.split('*');
    const names = target.default.includes('*')
      ? files.filter((file) => file.startsWith(before) && file.endsWith(after))
      : [before];
    return names.map((file) => {
      const name = file.slice(before.length, file.length - after.length);
      const fill = (pattern: string) => pattern.replace('*', name);
      return { specifier: fill(subpath).replace(/^\./, 'nestjs-sms-otp'), types: fill(target.types), code: file };
    });
  });
}

/** Paths of built files as the manifest writes them: `./dist/…`. */
export async function builtFiles(name: RegExp): Promise<readonly string[]> {
  const files = await readdir(join(libraryRoot, 'dist'), { recursive: true });
  return files
    .filter((file) => name.test(file))
    .map((file) => `./dist/${file}`)
    .toSorted();
}

/** What a text imports in any way: `import`, `export … from`, `import()`, `import('…')` types, `require`, references. */
export function importedSpecifiers(text: string): string[] {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(text, true, true);
  return [...importedFiles, ...typeReferenceDirectives].map(({ fileName }) => fileName);
}

/** `@scope/name/sub` → `@scope/name`. */
export function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
