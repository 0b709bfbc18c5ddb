import { Agent } from 'node:http';
import { Redis } from 'ioredis';
import { answer, hang, ProviderServer, type Reaction } from '../support/provider-server.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { ApplicationProcess } from './application-process.js';
import type { Leak, ProcessSample } from './messages.js';
import { age, type Census } from './redis-census.js';

const START_MS = Date.UTC(2026, 0, 1);
/** For connections that were ended to be closed on the other side as well, on a machine however slow. */
const REST_MS = 15_000;

/** Two applications, their Redis, and the provider that takes their messages. */
export class Site {
  /** How often Redis lost all that it knew. */
  losses = 0;
  /** How many messages the provider was asked to send, whatever became of them. */
  asked = 0;
  /** Of everybody who calls. */
  readonly connections = new Agent({ keepAlive: true });
  private clockMs = START_MS;
  private readonly codes = new Map<string, string>();

  private constructor(
    readonly applications: readonly ApplicationProcess[],
    readonly redis: RedisServer,
    readonly provider: ProviderServer,
    readonly inspector: Redis,
  ) {}

  static async start(program: string, leak?: Leak): Promise<Site> {
    const [redis, provider] = [await startRedis(), await ProviderServer.start()];
    const settings = { redisUrl: redis.url, providerUrl: provider.url, clockMs: START_MS, leak };
    const applications = await Promise.all([1, 2].map(() => ApplicationProcess.start(program, settings)));
    const inspector = new Redis(redis.url);
    // Connections break on purpose.
    inspector.on('error', () => undefined);
    const site = new Site(applications, redis, provider, inspector);
    site.providerIs('well');
    return site;
  }

  get now(): number {
    return this.clockMs;
  }

  /** What the last message to the number said. */
  codeTo(number: string): string | undefined {
    return this.codes.get(number);
  }

  providerIs(state: 'well' | 'silent' | 'refusing'): void {
    const reaction = { well: this.take, silent: hang, refusing: answer(404) }[state];
    this.provider.reaction = (response, request) => {
      this.asked += 1;
      reaction(response, request);
    };
  }

  /** Time passes for the applications and for the keys. Nothing may be under way. */
  async pass(ms: number): Promise<Census> {
    this.clockMs += ms;
    this.provider.seen.length = 0;
    await Promise.all(this.applications.map((application) => application.advance(ms)));
    return age(this.inspector, ms);
  }

  measure(): Promise<ProcessSample[]> {
    return Promise.all(this.applications.map((application) => application.measure()));
  }

  /**
   * Ends all connections from outside and measures until each application holds as much as is expected, or for too long.
   * Resolves to the last samples.
   */
  async rest(isAtRest: (sample: ProcessSample, index: number) => boolean): Promise<readonly ProcessSample[]> {
    this.connections.destroy();
    this.provider.dropConnections();
    const end = performance.now() + REST_MS;
    let samples = await this.measure();
    while (!samples.every(isAtRest) && performance.now() < end) {
      samples = await this.measure();
    }
    return samples;
  }

  /** Resolves to how each application ended. */
  async close(): Promise<readonly ('exited' | 'stayed' | 'failed')[]> {
    this.connections.destroy();
    const ends = await Promise.all(this.applications.map((application) => application.close()));
    this.inspector.disconnect();
    await this.provider.close();
    await this.redis.stop();
    return ends;
  }

  private readonly take: Reaction = (response, request) => {
    const message: unknown = JSON.parse(request.body);
    if (isMessage(message)) {
      this.codes.set(message.to, message.code);
    }
    answer(200, { id: `message-${this.asked}` })(response, request);
  };
}

function isMessage(value: unknown): value is { readonly to: string; readonly code: string } {
  return typeof value === 'object' && value !== null && 'to' in value && 'code' in value;
}
