import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repositoryRoot } from './tool-runner.js';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })),
});

describe('package-lock.json', () => {
  it('names no download address, so every registry can serve it', async () => {
    const lock = await readLock();
    expect(lock).toContain('"integrity"');
    expect(lock).not.toMatch(/"resolved": "https?:/);
  });

  // npm drops what a registry does not have (yet) when it writes the lock, and then `npm ci` refuses to install.
  it('has the optional packages of every platform', async () => {
    const { packages } = lockSchema.parse(JSON.parse(await readLock()));
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined && packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });
});

function readLock(): Promise<string> {
  return readFile(join(repositoryRoot, 'package-lock.json'), 'utf8');
}
