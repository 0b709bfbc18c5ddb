import { StoreUnavailableError } from '../otp-store.js';
import { isBrokenConnection, isNoScript, reasonOf, unavailable } from './redis-errors.js';
import { GatheredWrites } from './gathered-writes.js';
import { isCluster, serversOf, type RedisClient } from './redis-cluster-client.js';
import { scripts, type LuaScript } from './scripts.generated.js';
import { serverWarnings } from './server-warnings.js';

const CONNECT_TIMEOUT_MS = 2_000;

export interface ScriptCall {
  readonly script: LuaScript;
  readonly keys: readonly string[];
  readonly args: readonly (string | number | Buffer)[];
  /** The script recognises its own repetition: once more after a connection that broke. Default `false`. */
  readonly repeatable?: boolean;
  /** Tells a reply of which no replica need know (`ReplicatedConnection`), because nothing was written. */
  readonly isUnchanged?: (reply: unknown) => boolean;
}

/** Runs scripts. */
export interface ScriptRunner {
  evaluate(call: ScriptCall): Promise<unknown>;
}

/** Runs scripts and commands in bounded time. Whatever goes wrong is a `StoreUnavailableError`. */
export class RedisConnection implements ScriptRunner {
  private readonly writes = new GatheredWrites();
  private state: 'new' | 'open' | 'closed' = 'new';
  private lastReason = `no answer within ${CONNECT_TIMEOUT_MS} ms`;

  constructor(
    protected readonly client: RedisClient,
    private readonly timeoutMs: number,
  ) {
    client.on('error', (error) => (this.lastReason = reasonOf(error)));
    client.on('node error', (error) => (this.lastReason = reasonOf(error)));
  }

  /** Waits at most 2 s for the server and tells what an operator should know of it. It goes on trying after a failure. */
  async open(): Promise<readonly string[]> {
    this.state = 'open';
    this.start();
    if (!(await this.isReadyWithin(CONNECT_TIMEOUT_MS))) {
      throw unavailable(
        'Redis is not reachable; check the `client` or `url` of redisStore, and that the server runs and accepts this user',
        new Error(this.lastReason),
      );
    }
    await this.loadScripts();
    return this.warnings();
  }

  async close(): Promise<void> {
    this.state = 'closed';
    await (this.client.status === 'ready' ? this.client.quit() : undefined)?.catch(() => undefined);
    this.client.disconnect();
  }

  /** One round trip; a second one with the whole script when the server does not know it (any more). */
  async evaluate(call: ScriptCall): Promise<unknown> {
    const deadline = performance.now() + this.timeoutMs;
    this.assertOpen();
    try {
      return await this.send('evalsha', call.script.sha1, call);
    } catch (error) {
      return this.recover(call, { error, deadline });
    }
  }

  /** A plain command. */
  async run<T>(what: string, command: (client: RedisClient) => Promise<T>): Promise<T> {
    this.assertOpen();
    try {
      return await command(this.client);
    } catch (error) {
      throw unavailable(`Redis did not answer ${what}`, error);
    }
  }

  protected send(command: 'evalsha' | 'eval', script: string, { keys, args }: ScriptCall): Promise<unknown> {
    if (!isCluster(this.client)) {
      this.writes.gather(this.client.stream);
    }
    return this.client.callBuffer(command, script, keys.length, ...keys, ...args);
  }

  private async recover(call: ScriptCall, { error, deadline }: Failure): Promise<unknown> {
    const what = 'Redis did not run a script';
    const isRepeatable = call.repeatable === true && isBrokenConnection(error);
    const remainingMs = deadline - performance.now();
    if (error instanceof StoreUnavailableError) {
      throw error;
    }
    if (!isNoScript(error) && !(isRepeatable && (await this.isReadyWithin(remainingMs)))) {
      throw unavailable(what, error);
    }
    try {
      return await this.within(deadline - performance.now(), this.send('eval', call.script.lua, call));
    } catch (second) {
      throw second instanceof StoreUnavailableError ? second : unavailable(what, second);
    }
  }

  /** So that the first use of each script is one round trip as well. Not being allowed to is no obstacle. */
  private async loadScripts(): Promise<void> {
    const loading = serversOf(this.client).flatMap((server) =>
      Object.values(scripts).map(({ lua }) => server.script('LOAD', lua)),
    );
    await Promise.allSettled(loading);
  }

  protected warnings(): Promise<readonly string[]> {
    return this.warningsFrom(serverWarnings);
  }

  protected async warningsFrom(read: (info: string) => readonly string[]): Promise<readonly string[]> {
    const asking = serversOf(this.client).map((server) =>
      this.run('INFO', async () => read(await server.info().catch(withoutPermission))),
    );
    return [...new Set((await Promise.all(asking)).flat())];
  }

  private start(): void {
    if (this.client.status === 'wait' || this.client.status === 'end') {
      this.client.connect().catch(() => undefined);
    }
  }

  private assertOpen(): void {
    if (this.state !== 'open') {
      throw new StoreUnavailableError(`The Redis store is ${this.state === 'new' ? 'not connected yet' : 'closed'}`);
    }
    this.start();
  }

  private isReadyWithin(ms: number): Promise<boolean> {
    if (this.client.status === 'ready') {
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const settle = (isReady: boolean) => {
        clearTimeout(timer);
        this.client.off('ready', onReady);
        resolve(isReady);
      };
      const onReady = () => settle(true);
      const timer = setTimeout(() => settle(false), Math.max(ms, 0));
      this.client.on('ready', onReady);
    });
  }

  protected async within<T>(ms: number, work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Command timed out')), Math.max(ms, 0));
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A user who may not ask is told so in the warnings. */
function withoutPermission(error: unknown): string {
  if (error instanceof Error && error.message.startsWith('NOPERM')) {
    return '';
  }
  throw error;
}

interface Failure {
  readonly error: unknown;
  /** By `performance.now()`. */
  readonly deadline: number;
}
