import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { ProofAppOptions, ProofAppRoutes } from './proof-app.js';

/** The application in a process of its own, so that neither its event loop nor its processor time is shared with who asks. */
export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
    readonly routes: ProofAppRoutes,
  ) {}

  /** @throws Error when the application does not start */
  static async start(options: ProofAppOptions): Promise<ServerProcess> {
    const child = fork(new URL('./proof-server.js', import.meta.url), [JSON.stringify(options)]);
    const ended = once(child, 'exit');
    return new ServerProcess(child, ended, await nextMessage<ProofAppRoutes>(child, ended));
  }

  /** What it has used of processors since it started, on all its threads, in microseconds. */
  async processorMicros(): Promise<number> {
    const answer = nextMessage<number>(this.child, this.ended);
    this.child.send('processor time');
    return answer;
  }

  async close(): Promise<void> {
    this.child.disconnect();
    await this.ended;
  }
}

async function nextMessage<T>(child: ChildProcess, ended: Promise<unknown>): Promise<T> {
  const failed = ended.then(() => {
    throw new Error('The server has ended');
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return message;
}
