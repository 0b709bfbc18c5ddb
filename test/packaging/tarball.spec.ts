import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEntries, repositoryRoot } from './built-library.js';
import { packLibrary, type PackedLibrary } from './packed-library.js';

const ATTW = join(repositoryRoot, 'node_modules/@arethetypeswrong/cli/dist/index.js');

/** Resolutions from before packages had `exports`, and from before CommonJS could require ES modules. */
const OUTDATED = ['node10', 'node16-cjs'];

const reportSchema = z.object({
  analysis: z.object({
    entrypoints: z.record(z.string(), z.object({ isWildcard: z.boolean(), hasTypes: z.boolean() })),
    problems: z.array(z.looseObject({ resolutionKind: z.string().optional() })),
  }),
});

describe('the tarball', () => {
  let folder: string;
  let packed: PackedLibrary;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'packed-'));
    packed = await packLibrary(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('contains the build, README, docs, LICENSE and package.json, and nothing else', () => {
    const top = packed.files.filter((path) => !/^(?:dist|docs)\//.test(path));
    expect(top.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(packed.files).toContain('dist/index.js');
    expect(packed.files.filter((path) => path.startsWith('dist/') && !/\.(js|d\.ts)$/.test(path))).toEqual([]);
    expect(packed.files.filter((path) => path.startsWith('docs/') && !path.endsWith('.md'))).toEqual([]);
    expect(packed.files).toEqual(expect.arrayContaining(['docs/guards.md', 'docs/decisions/libraries.md']));
    expect(packed.files.filter((path) => path.includes('.spec.'))).toEqual([]);
  });

  it('satisfies publint, suggestions included', async () => {
    const { buffer, byteOffset, byteLength } = await readFile(packed.tarball);
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength);
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(pkg['name']).toBe('nestjs-sms-otp');
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it('satisfies are-the-types-wrong in every entry', async () => {
    const entries = (await readEntries()).map(({ specifier }) => specifier.replace('nestjs-sms-otp', '.'));
    const args = ['--profile=esm-only', '--format=json', '--no-definitely-typed', packed.tarball, '--entrypoints'];
    const { status, stdout } = spawnSync(process.execPath, [ATTW, ...args, ...entries], {
      encoding: 'utf8',
      maxBuffer: 2 ** 25,
    });
    const { entrypoints, problems } = reportSchema.parse(JSON.parse(stdout)).analysis;
    expect(problems.filter(({ resolutionKind = '' }) => !OUTDATED.includes(resolutionKind))).toEqual([]);
    expect(status).toBe(0);
    expect(Object.keys(entrypoints).toSorted()).toEqual(entries.toSorted());
    expect(Object.values(entrypoints).filter(({ isWildcard, hasTypes }) => isWildcard || !hasTypes)).toEqual([]);
  });
});
