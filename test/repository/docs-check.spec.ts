import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTool, withRepository } from './tool-runner.js';

const example = 'class A {\n  // #region body\n  a = 1;\n\n  b = 2;\n  // #endregion body\n}\n';
const page = (code: string) => `# Page\n\n<!-- example: test/examples/a.ts#body -->\n\n\`\`\`ts\n${code}\`\`\`\n`;

function check(files: Record<string, string>): Promise<readonly string[]> {
  return withRepository(files, async (root) => runTool('check-docs.mjs', [root]).problems);
}

describe('docs', () => {
  it('are accepted when an example equals its region', async () => {
    expect(await check({ 'README.md': page('a = 1;\n\nb = 2;\n'), 'test/examples/a.ts': example })).toEqual([]);
  });

  it('are refused when an example drifted, and `--write` mends it', async () => {
    const files = { 'docs/deep/page.md': page('a = 0;\n'), 'test/examples/a.ts': example };
    await withRepository(files, async (root) => {
      const stale = runTool('check-docs.mjs', [root]);
      expect(stale.exitCode).toBe(1);
      expect(stale.problems[0]).toMatch(/^docs\/deep\/page\.md: differs from test\/examples\/a\.ts#body/);
      expect(runTool('check-docs.mjs', ['--write', root])).toEqual({ exitCode: 0, problems: [] });
      expect(await readFile(join(root, 'docs/deep/page.md'), 'utf8')).toBe(page('a = 1;\n\nb = 2;\n'));
    });
  });

  it('are refused when an example or its block is missing', async () => {
    expect(await check({ 'README.md': page('') })).toEqual([
      'README.md: example test/examples/a.ts#body does not exist',
    ]);
    expect(await check({ 'README.md': '<!-- example: test/examples/a.ts -->\n' })).toEqual([
      'README.md: 1 example comment(s) without a code block on the next line',
    ]);
  });

  it('are refused when a relative link leads nowhere', async () => {
    const text = '[a](docs/a.md#part) [b](docs/b.md) [c](https://example.com) [d](#here) `[e](docs/e.md)`\n';
    expect(await check({ 'README.md': text, 'docs/a.md': '' })).toEqual(['README.md: docs/b.md does not exist']);
  });
});
