import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { mustRun, root, step } from './steps.mjs';

const stampFile = `${root}node_modules/.installed-lock`;

/** Installs the packages of the lock file unless exactly these are installed. An interrupted install leaves no stamp. */
export async function ensurePackages() {
  const wanted = await lockStamp();
  const installed = await readFile(stampFile, 'utf8').catch(() => '');
  if (installed === wanted) {
    return;
  }
  await step('Installing npm packages (npm ci, about a minute)', async () => {
    // NODE_ENV=production must not leave out what builds the project.
    await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
    await writeFile(stampFile, wanted);
  });
}

/** Some packages carry a binary for one platform, so a copied `node_modules` is not the same installation. */
async function lockStamp() {
  const lock = await readFile(`${root}package-lock.json`);
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

/** Under `npm run` the very npm that started this; else the one on the path. */
function npm(args) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('.js') ? mustRun(process.execPath, [cli, ...args]) : mustRun('npm', args);
}
