import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Session } from './session.js';
import { SessionStoreUnavailableError, type SessionStore } from './session.store.js';

/** Long enough for a slow network, short enough that a lost Redis is answered within two seconds. */
const COMMAND_TIMEOUT_MS = 1000;
const MAX_RECONNECT_DELAY_MS = 1000;

const storedSession = z.strictObject({ phoneNumber: z.string(), signedInAt: z.string() });

/** Sessions that several instances share and that survive their restarts. */
export class RedisSessionStore implements SessionStore {
  private readonly logger = new Logger(RedisSessionStore.name);
  private readonly client: Redis;
  private readonly prefix: string;
  private reachable = true;

  constructor({ url, namespace }: { readonly url: string; readonly namespace: string }) {
    this.prefix = `${namespace}:session:`;
    this.client = new Redis(url, {
      lazyConnect: true,
      // A command that waits for a connection, or is sent again after one was lost, hides that Redis is away.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: COMMAND_TIMEOUT_MS,
      retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
    });
    this.client.on('error', () => this.report(false));
    this.client.on('ready', () => this.report(true));
  }

  /** A Redis that is away at boot is connected to as soon as it is there; until then requests are answered 503. */
  async connect(): Promise<void> {
    await this.client.connect().catch(() => this.report(false));
  }

  async put(key: string, session: Session, ttlSeconds: number): Promise<void> {
    await this.run(() => this.client.set(this.prefix + key, JSON.stringify(session), 'EX', ttlSeconds));
  }

  async find(key: string): Promise<Session | undefined> {
    const value = await this.run(() => this.client.get(this.prefix + key));
    return value === null ? undefined : storedSession.parse(JSON.parse(value));
  }

  async delete(key: string): Promise<void> {
    await this.run(() => this.client.del(this.prefix + key));
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private async run<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw new SessionStoreUnavailableError('the session store does not answer', { cause });
    }
  }

  /** Once per change: the client reports every attempt to reconnect. */
  private report(reachable: boolean): void {
    if (reachable !== this.reachable) {
      this.reachable = reachable;
      this.logger[reachable ? 'log' : 'error'](reachable ? 'Redis is back' : 'Redis is away: sessions answer 503');
    }
  }
}
