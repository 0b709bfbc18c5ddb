import { describe, expect, it } from 'vitest';
import { runTool, withRepository } from './tool-runner.js';

const base = {
  'libs/otp/package.json': JSON.stringify({
    dependencies: { jose: '*', 'libphonenumber-js': '*' },
    peerDependencies: { ioredis: '*' },
  }),
  'node_modules/libphonenumber-js/package.json': JSON.stringify({
    exports: { '.': './index.js', './max': './max.js' },
  }),
};

/** What the check says of a library with these source files. */
async function check(sources: Record<string, string>): Promise<readonly string[]> {
  const files = Object.entries(sources).map(([file, content]) => [`libs/otp/src/${file}`, content]);
  const { exitCode, problems } = await withRepository({ ...base, ...Object.fromEntries(files) }, async (root) =>
    runTool('check-imports.mjs', [root]),
  );
  expect(exitCode).toBe(problems.length === 0 ? 0 : 1);
  return problems.map((problem) => problem.replace('libs/otp/src/', '')).toSorted();
}

/** One file for each import, all checked in one run. */
function plant(imports: readonly (readonly [file: string, specifier: string, ...rest: string[]])[]) {
  const sources: Record<string, string> = {};
  for (const [file, specifier] of imports) {
    sources[file] = `${sources[file] ?? ''}import '${specifier}';\n`;
  }
  return check(sources);
}

describe('import table', () => {
  it('lets imports go down, to ports and to declared packages', async () => {
    const problems = await plant([
      ['challenge/a.ts', '../hashing/code-hasher.js'],
      ['flows/a.ts', '../stores/otp-store.js'],
      ['otp.module.ts', './http/otp.guard.js'],
      ['otp.module.ts', './stores/memory/memory.store.js'],
      ['stores/redis/a.ts', 'ioredis'],
      ['stores/redis/a.ts', '../otp-store.js'],
      ['stores/redis/lua/a.ts', '../keys.js'],
      ['stores/memory/a.ts', '../../telemetry/clock.js'],
      ['testing/a.ts', '../stores/memory/memory.store.js'],
      ['phone/a.ts', 'libphonenumber-js/max'],
      ['phone/a.ts', 'node:util'],
      ['phone/a.spec.ts', '../testing/index.js'],
    ]);
    expect(problems).toEqual([]);
  });

  it('refuses all others, each with its reason', async () => {
    const onlyThePort = 'only the port stores/otp-store.ts may be imported from stores/';
    const onlyPorts = 'stores may import ports and their own folder only';
    const planted = [
      ['phone/a.ts', '../flows/issue.flow.js', 'layer phone may not import layer flows'],
      ['phone/a.ts', '../secrets/sealing.js', 'layer phone may not import layer secrets'],
      ['flows/a.ts', '../http/otp.guard.js', 'layer flows may not import layer http'],
      ['flows/a.ts', '../otp.module.js', 'layer flows may not import layer module'],
      ['http/a.ts', '../admin/otp-admin.js', 'layer http may not import layer admin'],
      ['flows/a.ts', '../stores/memory/memory.store.js', onlyThePort],
      ['otp.module.ts', './stores/redis/index.js', onlyThePort],
      ['otp.module.ts', './testing/index.js', 'nothing outside testing/ may import testing/'],
      ['stores/redis/a.ts', '../memory/memory.store.js', onlyPorts],
      ['stores/memory/a.ts', '../../limits/limit-policy.js', onlyPorts],
      ['delivery/a.ts', 'ioredis', 'only stores/redis/ may import ioredis'],
      ['testing/a.ts', 'ioredis', 'only stores/redis/ may import ioredis'],
      ['proof/a.ts', 'jsonwebtoken', "the package's own package.json does not declare jsonwebtoken"],
      ['proof/a.ts', 'jose/dist/types.js', 'jose does not export it'],
      ['phone/a.ts', 'libphonenumber-js/metadata.full.json', 'libphonenumber-js does not export it'],
      ['secrets/a.ts', 'crypto', 'write node: before the name of a built-in module'],
      ['secrets/a.ts', '../../../../apps/demo/src/main.js', 'leaves its project'],
    ] as const;
    const expected = planted.map(([file, specifier, problem]) => `${file}: imports ${specifier} (${problem})`);
    expect(await plant(planted)).toEqual(expected.toSorted());
  });

  it('sees types, re-exports and dynamic imports', async () => {
    const problems = await check({
      'phone/a.ts': "import type { A } from '../flows/a.js';",
      'phone/b.ts': "export { a } from '../flows/b.js';",
      'phone/c.ts': "await import('../flows/c.js');",
    });
    expect(problems).toHaveLength(3);
  });

  it('knows every folder and every top-level file', async () => {
    const problem = 'is in no layer of the import table (tools/check-imports.mjs)';
    expect(await check({ 'helpers/a.ts': '', 'otp.helpers.ts': '' })).toEqual([
      `helpers/a.ts: ${problem}`,
      `otp.helpers.ts: ${problem}`,
    ]);
  });

  it('lets only flows/ and admin/ emit events', async () => {
    const content = "events.emit('challenge.issued', {});";
    expect(await check({ 'flows/a.ts': content, 'admin/a.ts': content, 'proof/a.ts': content })).toEqual([
      'proof/a.ts: emits an event (only flows/ and admin/ may)',
    ]);
  });

  it('fails when it finds no file', async () => {
    const result = await withRepository({ 'README.md': '' }, async (root) => runTool('check-imports.mjs', [root]));
    expect(result.exitCode).toBe(1);
  });
});
