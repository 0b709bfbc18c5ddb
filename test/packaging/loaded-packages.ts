import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { repositoryRoot } from './built-library.js';

const run = promisify(execFile);
const coverageSchema = z.object({ result: z.array(z.object({ url: z.string() })) });

/**
 * The packages whose code runs when a new process runs `code` in the repository, where everything optional is installed.
 * V8's coverage lists every script, however it was loaded: by `import`, by `require`, or by a require made by hand.
 */
export async function packagesLoadedBy(code: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'loaded-'));
  try {
    await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: repositoryRoot,
      env: { ...process.env, NODE_V8_COVERAGE: folder },
    });
    const reports = await Promise.all(
      (await readdir(folder)).map(async (file) => {
        const report: unknown = JSON.parse(await readFile(join(folder, file), 'utf8'));
        return coverageSchema.parse(report).result.map(({ url }) => url);
      }),
    );
    const names = reports.flat().flatMap((url) => packageOf(url) ?? []);
    return [...new Set(names)].toSorted();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The innermost package; the library's own files and those of Node are in none. */
function packageOf(url: string): string | undefined {
  return /^file:.*\/node_modules\/(?<name>(?:@[^/]+\/)?[^/]+)\//.exec(url)?.groups?.['name'];
}
