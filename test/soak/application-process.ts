import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ApplicationSettings, FromApplication, ProcessSample, ToApplication } from './messages.js';

/** For a process to end by itself after it closed its application: it has nothing to wait for. */
const EXIT_MS = 10_000;

/** An application as a process of its own. */
export class ApplicationProcess {
  /** What nobody in it handled. */
  readonly unhandled: string[] = [];
  private errors = '';

  private constructor(
    private readonly child: ChildProcess,
    private address: string,
  ) {
    child.on('message', (message: FromApplication) => {
      if (message.kind === 'unhandled') {
        this.unhandled.push(message.text);
      }
    });
    child.stderr?.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-2_000)));
  }

  static async start(program: string, settings: ApplicationSettings): Promise<ApplicationProcess> {
    const child = fork(program, [JSON.stringify(settings)], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const started = new ApplicationProcess(child, '');
    started.address = (await started.heard('listening')).url;
    return started;
  }

  get url(): string {
    return this.address;
  }

  async advance(ms: number): Promise<void> {
    await Promise.all([this.heard('advanced'), this.tell({ kind: 'advance', ms })]);
  }

  async measure(): Promise<ProcessSample> {
    const [{ sample }] = await Promise.all([this.heard('measured'), this.tell({ kind: 'measure' })]);
    return sample;
  }

  /** Closes the application and waits for the process. Resolves to how it ended. */
  async close(): Promise<'exited' | 'stayed' | 'failed'> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) {
      return 'failed';
    }
    const ended = once(this.child, 'exit', { signal: AbortSignal.timeout(EXIT_MS) });
    try {
      await this.tell({ kind: 'close' });
      const [code]: unknown[] = await ended;
      return code === 0 ? 'exited' : 'failed';
    } catch {
      return 'stayed';
    } finally {
      this.child.kill('SIGKILL');
    }
  }

  private tell(message: ToApplication): Promise<void> {
    return new Promise((resolve, reject) =>
      this.child.send(message, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  /** The next message of this kind; an early end is an error. */
  private async heard<K extends FromApplication['kind']>(kind: K): Promise<Extract<FromApplication, { kind: K }>> {
    const stop = new AbortController();
    const { signal } = stop;
    try {
      return await Promise.race([
        new Promise<Extract<FromApplication, { kind: K }>>((resolve) => {
          const listen = (message: FromApplication) => {
            if (isOf(message, kind)) {
              resolve(message);
            }
          };
          this.child.on('message', listen);
          signal.addEventListener('abort', () => this.child.off('message', listen));
        }),
        once(this.child, 'exit', { signal }).then(() => {
          throw new Error(`an application ended early: ${this.errors}`);
        }),
      ]);
    } finally {
      stop.abort();
    }
  }
}

function isOf<K extends FromApplication['kind']>(
  message: FromApplication,
  kind: K,
): message is Extract<FromApplication, { kind: K }> {
  return message.kind === kind;
}
