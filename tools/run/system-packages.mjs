import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { mustRun, step, StepFailure } from './steps.mjs';

/** Installs Debian packages whose program is missing (as root on Debian), else ends the run with what to install. */
export async function ensurePrograms(programs) {
  const missing = await filterAsync(programs, async (program) => !(await isOnPath(program)));
  if (missing.length === 0) {
    return;
  }
  const names = missing.join(' ');
  if (process.getuid?.() !== 0 || !(await isDebian())) {
    throw new StepFailure(
      `Please install: ${names} (on Debian: sudo apt-get install -y --no-install-recommends ${names})`,
    );
  }
  await step(`Installing Debian packages: ${names}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await mustRun('apt-get', ['update', '-q'], { env });
    await mustRun('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], { env });
  });
}

async function isDebian() {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID=debian$/m.test(release);
}

async function isOnPath(program) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await filterAsync(folders, (folder) => isExecutable(join(folder, program)));
  return found.length > 0;
}

async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function filterAsync(items, keep) {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, index) => kept[index]);
}
