import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtFiles, libraryRoot, readEntries, readManifest, repositoryRoot, requireBuild } from './built-library.js';
import { readDependencyTree } from './dependency-tree.js';
import { packagesLoadedBy } from './loaded-packages.js';

const run = promisify(execFile);

describe('loading the package', () => {
  beforeAll(requireBuild);

  it('loads nothing but its dependencies: no optional peer, no GraphQL, no WebSocket package', async () => {
    const allowed = (await readDependencyTree(['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'])).map(
      ({ name }) => name,
    );
    const loaded = await packagesLoadedBy(`await import('nestjs-sms-otp');`);
    expect(loaded).toContain('@nestjs/common');
    expect(loaded.filter((name) => !allowed.includes(name))).toEqual([]);
    const { peerDependenciesMeta } = await readManifest();
    const unwanted = [...Object.keys(peerDependenciesMeta), 'graphql', '@nestjs/graphql', 'ws', 'socket.io'];
    expect(loaded.filter((name) => unwanted.includes(name))).toEqual([]);
  });

  it('loads no native code before a code is hashed', async () => {
    expect(await packagesLoadedBy(`await import('nestjs-sms-otp');`)).not.toContain('argon2');
  });

  it('loads an optional peer by the entry that needs it', async () => {
    expect(await packagesLoadedBy(`await import('nestjs-sms-otp/redis');`)).toContain('ioredis');
    expect(await packagesLoadedBy(`await import('nestjs-sms-otp/testing');`)).not.toContain('ioredis');
  });

  // What the tests above rely on: a package that is loaded on the quiet is seen.
  it.each([
    `const { createRequire } = await import('node:module'); createRequire(import.meta.url)('ws');`,
    `await import('nestjs-sms-otp'); await import('ws').catch(() => undefined);`,
  ])('is seen to load a package by %s', async (code) => {
    expect(await packagesLoadedBy(code)).toContain('ws');
  });

  it('gives the same classes to import and to require', async () => {
    for (const { specifier } of await readEntries()) {
      const code = `
        import assert from 'node:assert/strict';
        import { createRequire } from 'node:module';
        const imported = await import('${specifier}');
        const required = createRequire(import.meta.url)('${specifier}');
        assert.ok(Object.keys(imported).length > 0);
        for (const name of Object.keys(imported)) assert.equal(required[name], imported[name]);
        process.stdout.write('same');`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], { cwd: repositoryRoot });
      expect(`${specifier}: ${stdout}`).toBe(`${specifier}: same`);
    }
  });

  it('can be required file by file', async () => {
    const files = (await builtFiles(/\.js$/)).map((file) => join(libraryRoot, file));
    const code = `
      let count = 0;
      for (const file of JSON.parse(process.argv[1])) { require(file); count++; }
      process.stdout.write(String(count));`;
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', code, JSON.stringify(files)], {
      cwd: repositoryRoot,
    });
    expect(Number(stdout)).toBe(files.length);
    expect(files.length).toBeGreaterThan(100);
  });

  it('awaits nothing at the top level of any file, which would shut out CommonJS applications', async () => {
    const awaiting: string[] = [];
    for (const file of await builtFiles(/\.js$/)) {
      if (awaitsAtTopLevel(await readFile(join(libraryRoot, file), 'utf8'))) {
        awaiting.push(file);
      }
    }
    expect(awaiting).toEqual([]);
  });

  it.each([
    ['const a = await b();', true],
    ['if (a) { for await (const b of c) d(b); }', true],
    ['class A extends (await b()) {}', true],
    ['await using a = b();', true],
    ['const a = async () => await b(); async function c() { for await (const d of e) f(d); }', false],
    ['class A { async b() { await c(); } }', false],
  ])('an await at the top level is seen: %s', (code, expected) => {
    expect(awaitsAtTopLevel(code)).toBe(expected);
  });
});

function awaitsAtTopLevel(code: string): boolean {
  const file = ts.createSourceFile('file.mjs', code, ts.ScriptTarget.ESNext);
  const awaits = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) {
      return false;
    }
    const isAwait =
      ts.isAwaitExpression(node) ||
      (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
      (ts.isVariableDeclarationList(node) && /^await\b/.test(node.getText(file)));
    return isAwait || ts.forEachChild(node, (child) => awaits(child) || undefined) === true;
  };
  return awaits(file);
}
