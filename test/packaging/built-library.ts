import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
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

/** Specifiers of static and dynamic imports, exports and `import()` types in compiled code or declarations. */
export function importedSpecifiers(text: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])(?<specifier>[^'"]+)\1/g;
  return [...text.matchAll(pattern)].flatMap(({ groups }) => groups?.['specifier'] ?? []);
}

/** `@scope/name/sub` → `@scope/name`. */
export function packageName(specifier: string): string {
  return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
}
