// Runs before `npm pack` and `npm publish`: the package's README and LICENSE are the repository's.
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';

const repository = new URL('../', import.meta.url);
const library = new URL('libs/otp/', repository);

if (!existsSync(new URL('dist/index.js', library))) {
  throw new Error('There is nothing to pack: run `npm run build` first');
}
for (const file of ['README.md', 'LICENSE']) {
  await copyFile(new URL(file, repository), new URL(file, library));
}
