// Runs before `npm pack` and `npm publish`: the package's README, LICENSE and docs are the repository's.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';

const repository = new URL('../', import.meta.url);
const library = new URL('libs/otp/', repository);

if (!existsSync(new URL('dist/index.js', library))) {
  throw new Error('There is nothing to pack: run `npm run build` first');
}
const pages = (await readdir(new URL('docs/', repository), { recursive: true }))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
for (const file of ['README.md', 'LICENSE', ...pages]) {
  const content = withoutPictures(await readFile(new URL(file, repository), 'utf8'));
  const copy = new URL(file, library);
  // A copy that is right is left alone: somebody may be packing it at this moment.
  if ((await readFile(copy, 'utf8').catch(() => undefined)) !== content) {
    await mkdir(new URL('./', copy), { recursive: true });
    await writeFile(copy, content);
  }
}

/** The pictures stay in the repository: they are larger than the package, and a registry's page would not find them. */
function withoutPictures(page) {
  return page.replace(/^!\[[^\]]*\]\([^)]*\.png\)\n+/gm, '').replace(/^<img\b[^>]*>\n+/gm, '');
}
