import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface ToolResult {
  readonly exitCode: number | null;
  readonly problems: readonly string[];
}

/** Runs one of the repository's tools and collects the lines that it complains about. */
export function runTool(tool: string, args: readonly string[]): ToolResult {
  const { status, stderr } = spawnSync(process.execPath, [join(repositoryRoot, 'tools', tool), ...args], {
    encoding: 'utf8',
  });
  return { exitCode: status, problems: stderr.split('\n').filter((line) => line !== '') };
}

/** Makes a small repository of these files, gives its path to `use` and deletes it. */
export async function withRepository<T>(files: Record<string, string>, use: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'planted-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
