import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readManifest, repositoryRoot } from './built-library.js';
import { FreshApplication } from './fresh-application.js';
import { packLibrary } from './packed-library.js';

const PHONE_NUMBER = '+31612345678';
const INSTALL_TIMEOUT_MS = 300_000;
const COMPILE_TIMEOUT_MS = 240_000;

const SHARED = ['application.module.ts', 'serve.ts'];
/** Two ends of what the peer ranges allow. Nest 12.0.0 itself cannot be installed: its core asks for Nest 11. */
const KINDS = [
  {
    kind: 'ES modules, Express, the Nest of this repository, no optional peer',
    folder: 'esm',
    type: 'module',
    sources: ['main-express.ts', ...SHARED],
    dependencies: async () => ({ ...(await nestOfTheRepository()), '@types/express': '^5.0.0' }),
    compiledTo: /^import .* from 'nestjs-sms-otp';$/m,
  },
  {
    kind: 'CommonJS, Fastify, the first Nest 12, the first ioredis that is allowed',
    folder: 'cjs',
    type: undefined,
    sources: ['main-fastify.ts', 'redis.ts', ...SHARED],
    dependencies: async () => ({
      '@nestjs/common': '12.0.1',
      '@nestjs/core': '12.0.1',
      '@nestjs/platform-fastify': '12.0.1',
      ioredis: await firstAllowed('ioredis'),
    }),
    compiledTo: /require\("nestjs-sms-otp"\)/,
  },
] as const;

describe('the package in fresh Nest applications', () => {
  let folder: string;
  let tarball: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fresh-'));
    ({ tarball } = await packLibrary(folder));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  describe.each(KINDS)('$kind', ({ folder: name, type, sources, dependencies, compiledTo }) => {
    let app: FreshApplication;

    beforeAll(async () => {
      const all = {
        'nestjs-sms-otp': `file:${tarball}`,
        'reflect-metadata': '^0.2.0',
        rxjs: '^7.8.0',
        '@types/node': '^20.19.0',
        ...(await dependencies()),
      };
      app = new FreshApplication({ folder: join(folder, name), type, sources: [...sources], dependencies: all });
      await app.install();
    }, INSTALL_TIMEOUT_MS);

    afterAll(() => app.stop());

    it('installs no optional peer that it did not ask for', async () => {
      const { peerDependenciesMeta } = await readManifest();
      const asked = Object.keys(await dependencies());
      const optional = Object.keys(peerDependenciesMeta).filter((peer) => !asked.includes(peer));
      expect(optional).toContain('@nestjs/swagger');
      expect(optional.filter((peer) => app.has(peer))).toEqual([]);
      expect(app.has('nestjs-sms-otp')).toBe(true);
    });

    it(
      'compiles with all declarations checked, and signs in over HTTP',
      async () => {
        expect(await app.compile()).toBe('');
        expect(await app.compiled('application.module.ts')).toMatch(compiledTo);
        await expectLogin(await app.start());
        expect(app.complaints).toBe('');
      },
      COMPILE_TIMEOUT_MS,
    );
  });
});

/** The whole way of a passwordless login, and the proof's single use. */
async function expectLogin(url: string): Promise<void> {
  const started = await call(url, 'POST', '/otp/challenges', { body: { phoneNumber: PHONE_NUMBER } });
  expect(started).toMatchObject({ status: 201, body: { purpose: 'login', codeLength: 6 } });
  const { code } = (await call(url, 'GET', `/messages/${encodeURIComponent(PHONE_NUMBER)}`)).body;
  expect(code).toMatch(/^\d{6}$/);

  const unproven = await call(url, 'POST', '/session');
  expect(unproven).toMatchObject({ status: 401, body: { code: expect.any(String) } });

  const path = `/otp/challenges/${String(started.body['challengeId'])}/verify`;
  const verified = await call(url, 'POST', path, { body: { code } });
  expect(verified).toMatchObject({ status: 200, body: { phoneNumber: PHONE_NUMBER } });

  const headers = { 'OTP-Proof': String(verified.body['proof']) };
  expect(await call(url, 'POST', '/session', { headers })).toEqual({
    status: 201,
    body: { phoneNumber: PHONE_NUMBER },
  });
  expect(await call(url, 'POST', '/session', { headers })).toMatchObject({
    status: 401,
    body: { code: 'insufficient_proof' },
  });
}

interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const bodySchema = z.record(z.string(), z.unknown());

async function call(url: string, method: string, path: string, { headers = {}, body }: CallOptions = {}) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: bodySchema.parse(await response.json()) };
}

/** The version that a peer's range begins with. */
async function firstAllowed(peer: string): Promise<string> {
  const { peerDependencies } = await readManifest();
  return /^\^(?<version>\d+\.\d+\.\d+)/.exec(peerDependencies[peer] ?? '')?.groups?.['version'] ?? 'none';
}

async function nestOfTheRepository(): Promise<Record<string, string>> {
  const names = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-express'];
  const versions = names.map(async (name) => {
    const manifest: unknown = JSON.parse(
      await readFile(join(repositoryRoot, 'node_modules', name, 'package.json'), 'utf8'),
    );
    return [name, z.object({ version: z.string() }).parse(manifest).version] as const;
  });
  return Object.fromEntries(await Promise.all(versions));
}
