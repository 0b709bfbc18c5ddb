import { Program } from '../program.js';
import type { Contestant } from '../rounds.js';
import type { LoadOrder, LoadResult } from './load.js';
import type { ServerOptions } from './measured-server.js';

const CONNECTIONS = 64;

/** A server in a process of its own. */
export class Server {
  private constructor(
    readonly name: string,
    private readonly program: Program<{ readonly port: number }, LoadOrder, LoadResult>,
  ) {}

  /** @throws Error when it does not start */
  static async start(options: ServerOptions): Promise<Server> {
    const url = new URL('./server-program.js', import.meta.url);
    return new Server(nameOf(options), await Program.start({ url, options }));
  }

  get port(): number {
    return this.program.hello.port;
  }

  load(order: LoadOrder): Promise<LoadResult> {
    return this.program.ask(order);
  }

  /** 64 connections, one request at a time on each. */
  contestant(job: 'issue' | 'cycle'): Contestant {
    return {
      name: `${job === 'issue' ? 'issue' : 'issue → verify'}, ${this.name}`,
      run: async (seconds) => (await this.load({ job, connections: CONNECTIONS, seconds })).perSecond,
    };
  }

  close(): Promise<void> {
    return this.program.close();
  }
}

function nameOf(options: ServerOptions): string {
  switch (options.kind) {
    case 'module':
      return [options.adapter, options.store.kind, options.hashing].join(', ');
    case 'echo':
      return `bare ${options.adapter}`;
    case 'better-auth':
      return `better-auth, ${options.redisUrl === undefined ? 'memory' : 'Redis'}`;
    case 'by hand':
      return 'by hand, Redis';
  }
}
