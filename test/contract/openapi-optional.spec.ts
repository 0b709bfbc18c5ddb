import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { libraryRoot, readManifest, repositoryRoot, requireBuild } from '../packaging/built-library.js';

/** A guarded route, without decorator syntax, in the words of an application. */
const MODULE = `
import { Controller, Module, Post } from '@nestjs/common';
import { hmacSha256, memoryStore, OtpModule, OtpThrottle, RequireOtp, SkipOtp } from 'nestjs-sms-otp';

class PayoutsController { pay() {} list() {} }
const on = (name, ...decorators) => decorators.forEach((decorate) =>
  decorate(PayoutsController.prototype, name, Object.getOwnPropertyDescriptor(PayoutsController.prototype, name)));
on('pay', Post(), RequireOtp('login', { mode: 'proof' }), OtpThrottle([{ name: 'pay', limit: 9, windowSeconds: 9 }]));
on('list', Post('list'), SkipOtp());
Controller('payouts')(PayoutsController);
OtpThrottle([{ name: 'all', limit: 9, windowSeconds: 9 }])(PayoutsController);

export class AppModule {}
Module({
  imports: [OtpModule.forRoot({
    serviceName: 'Acme', secrets: ['${randomBytes(32).toString('base64')}'], purposes: { login: { start: 'public' } },
    store: memoryStore(), hashing: hmacSha256(),
  })],
  controllers: [PayoutsController],
})(AppModule);
`;

/** Starts the application, calls the guarded route, and tells how its description went. */
const MAIN = `
import 'reflect-metadata';
import { describeOtp } from 'nestjs-sms-otp';
import { NestFactory } from '@nestjs/core';

export async function run(AppModule, describe) {
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const answers = [];
  for (const path of ['/payouts', '/payouts/list', '/otp/challenges/none']) {
    const method = path.startsWith('/payouts') ? 'POST' : 'GET';
    answers.push((await fetch((await app.getUrl()) + path, { method })).status);
  }
  let described;
  try {
    described = JSON.stringify(describeOtp(describe(app)));
  } catch (error) {
    described = error.message;
  }
  await app.close();
  console.log(JSON.stringify({ answers, described }));
}
`;

const WITHOUT = `
import { AppModule } from './app.module.mjs';
import { run } from './run.mjs';
await run(AppModule, () => ({ paths: {} }));
`;

const WITH = `
import { AppModule } from './app.module.mjs';
import { SwaggerModule } from '@nestjs/swagger';
import { run } from './run.mjs';
await run(AppModule, (app) => SwaggerModule.createDocument(app, {}));
`;

/** Loads both at the same moment, when Node cannot answer require() with a module that import() is loading. */
const AT_ONCE = `
import { run } from './run.mjs';
const [{ SwaggerModule }, { AppModule }] = await Promise.all([import('@nestjs/swagger'), import('./app.module.mjs')]);
await run(AppModule, (app) => SwaggerModule.createDocument(app, {}));
`;

const outcomeSchema = z.object({ answers: z.array(z.number()), described: z.string() });

describe('an application in a process of its own', () => {
  const folders: string[] = [];

  beforeAll(requireBuild);
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** The built library beside what it depends on, and beside `@nestjs/swagger` only where it is asked for. */
  async function install({ swagger }: { readonly swagger: boolean }): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
    folders.push(folder);
    const library = join(folder, 'node_modules', 'nestjs-sms-otp');
    await cp(join(libraryRoot, 'dist'), join(library, 'dist'), { recursive: true });
    await cp(join(libraryRoot, 'package.json'), join(library, 'package.json'));
    const { dependencies, peerDependencies } = await readManifest();
    const names = Object.keys({ ...dependencies, ...peerDependencies, '@nestjs/platform-express': '' });
    for (const name of names.filter((one) => swagger || one !== '@nestjs/swagger')) {
      const link = join(folder, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      const own = join(libraryRoot, 'node_modules', name);
      await symlink(existsSync(own) ? own : join(repositoryRoot, 'node_modules', name), link);
    }
    await writeFile(join(folder, 'app.module.mjs'), MODULE);
    await writeFile(join(folder, 'run.mjs'), MAIN);
    return folder;
  }

  async function run(folder: string, main: string): Promise<z.infer<typeof outcomeSchema>> {
    await writeFile(join(folder, 'main.mjs'), main);
    const { stdout } = await promisify(execFile)(process.execPath, ['main.mjs'], { cwd: folder });
    return outcomeSchema.parse(JSON.parse(stdout));
  }

  it('without @nestjs/swagger starts and is guarded; only describing says what is missing', async () => {
    const { answers, described } = await run(await install({ swagger: false }), WITHOUT);
    expect(answers).toEqual([401, 201, 410]);
    expect(described).toBe(
      'describeOtp(): @nestjs/swagger is not found from nestjs-sms-otp: install both in one place, and leave both out of a bundle',
    );
  });

  it('with @nestjs/swagger is described', async () => {
    const { answers, described } = await run(await install({ swagger: true }), WITH);
    expect(answers).toEqual([401, 201, 410]);
    expect(JSON.parse(described)).toMatchObject({
      paths: { '/payouts': { post: { 'x-otp': { purpose: 'login' }, responses: { 401: {}, 429: {} } } } },
    });
  });

  it('that loads @nestjs/swagger at the same moment starts, and no document hides what is guarded', async () => {
    const { answers, described } = await run(await install({ swagger: true }), AT_ONCE);
    expect(answers).toEqual([401, 201, 410]);
    // Whether Node can do it depends on its version.
    expect(described).toMatch(/"x-otp":|could not be loaded when the first route was defined/);
  });
});
