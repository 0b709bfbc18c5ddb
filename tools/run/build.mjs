import { createHash } from 'node:crypto';
import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRunTool, root, step } from './steps.mjs';

/** In the demo's output folder, so that whoever deletes or rebuilds that folder also invalidates the stamp. */
const stampFile = `${root}apps/demo/dist/.build-stamp`;
const outputs = ['libs/otp/dist/index.js', 'apps/demo/dist/main.js'];
const configs = ['package-lock.json', 'tsconfig.json', 'nest-cli.json'];

/** Builds the library and the demo unless the last build was made of exactly these sources. */
export async function ensureBuilt() {
  const wanted = await sourceHash();
  if ((await readFile(stampFile, 'utf8').catch(() => '')) === wanted && (await allExist(outputs))) {
    return;
  }
  // The demo compiles against the library's built types: the order matters.
  await step('Building the library', () => mustRunTool('nest', ['build', 'otp']));
  await step('Building the demo', () => mustRunTool('nest', ['build', 'demo']));
  await writeFile(stampFile, wanted);
}

async function sourceHash() {
  const projects = ['libs/otp', 'apps/demo'];
  const files = await Promise.all(projects.map(projectFiles));
  const hash = createHash('sha256').update(process.version);
  for (const file of [...configs, ...files.flat()]) {
    const content = await readFile(root + file);
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The files of a project's own folder (package.json, tsconfig) and everything below `src`, in a stable order. */
async function projectFiles(project) {
  const top = await readdir(root + project, { withFileTypes: true });
  const sources = await readdir(join(root, project, 'src'), { withFileTypes: true, recursive: true });
  const named = (entries) =>
    entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  return [...named(top).filter((file) => file.endsWith('.json')), ...named(sources)].toSorted();
}

async function allExist(files) {
  const found = await Promise.allSettled(files.map((file) => access(root + file)));
  return found.every(({ status }) => status === 'fulfilled');
}
