import { Program } from '../program.js';
import type { ProofAppOptions, ProofAppRoutes } from './proof-app.js';

/** The application in a process of its own, so that neither its event loop nor its processor time is shared with who asks. */
export class ServerProcess {
  private constructor(private readonly program: Program<ProofAppRoutes, object, number>) {}

  /** @throws Error when the application does not start */
  static async start(options: ProofAppOptions): Promise<ServerProcess> {
    return new ServerProcess(await Program.start({ url: new URL('./proof-server.js', import.meta.url), options }));
  }

  get routes(): ProofAppRoutes {
    return this.program.hello;
  }

  /** What it has used of processors since it started, on all its threads, in microseconds. */
  processorMicros(): Promise<number> {
    return this.program.ask({});
  }

  close(): Promise<void> {
    return this.program.close();
  }
}
