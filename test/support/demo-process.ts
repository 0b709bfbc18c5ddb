import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../apps/demo/src/environment.js';

const MAIN = fileURLToPath(new URL('../../apps/demo/dist/main.js', import.meta.url));

/** The built demo as a process of its own, as it is run by its users. */
export class DemoProcess {
  private output = '';
  private errors = '';
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  /** Only what is given here is in its environment, and a free port. */
  constructor(env: Environment = {}) {
    if (!existsSync(MAIN)) {
      throw new Error('The demo is not built: run `npm run build` first');
    }
    this.child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env['PATH'], NO_COLOR: '1', PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  /** All that it has written so far. */
  get log(): { readonly output: string; readonly errors: string } {
    return { output: this.output, errors: this.errors };
  }

  /** Resolves to the address once the demo listens. */
  async url(): Promise<string> {
    const ended = once(this.child, 'exit').then(() => {
      throw new Error(`the demo ended early: ${this.errors}${this.output}`);
    });
    for (;;) {
      const url = /Demo on (http:\S+)/.exec(this.output)?.[1];
      if (url !== undefined) {
        ended.catch(() => undefined);
        return url;
      }
      await Promise.race([once(this.child.stdout, 'data'), ended]);
    }
  }

  /** Sends the signal, if any, and waits for the end. */
  async end(signal?: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const closed = once(this.child, 'close');
      if (signal !== undefined) {
        this.child.kill(signal);
      }
      await closed;
    }
    return this.child.exitCode;
  }
}
