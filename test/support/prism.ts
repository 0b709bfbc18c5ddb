import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

const MAIN = join(
  dirname(createRequire(import.meta.url).resolve('@stoplight/prism-cli/package.json')),
  'dist/index.js',
);

/** Prism's mock of an OpenAPI file, which answers a wrong request with an error. */
export class PrismMock {
  private output = '';
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(document: string) {
    this.child = spawn(process.execPath, [MAIN, 'mock', '--errors', '--port', '0', document], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Resolves to the address once the mock listens. */
  async url(): Promise<string> {
    const ended = once(this.child, 'exit').then(() => {
      throw new Error(`the mock ended early: ${this.output}`);
    });
    for (;;) {
      const url = /listening on (http:\/\/[\d.:]+)/.exec(this.output)?.[1];
      if (url !== undefined) {
        ended.catch(() => undefined);
        return url;
      }
      await Promise.race([once(this.child.stdout, 'data'), ended]);
    }
  }

  async close(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      this.child.kill();
      await closed;
    }
  }
}
