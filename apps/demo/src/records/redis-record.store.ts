import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { createRedisClient } from '../redis-client.js';
import { type RecordChange, type RecordKey, type RecordStore, RecordStoreUnavailableError } from './record.store.js';

/*
 * KEYS: the records. ARGV, three for each: what is there and what is to be there, both empty for nothing, and the seconds
 * that it is to live, 0 for as long as it would have. Answers 1 if all was made, 0 if nothing was.
 */
const COMMIT = `
for i, key in ipairs(KEYS) do
  if (redis.call('GET', key) or '') ~= ARGV[3 * i - 2] then
    return 0
  end
end
for i, key in ipairs(KEYS) do
  local value, seconds = ARGV[3 * i - 1], ARGV[3 * i]
  if value == '' then
    redis.call('DEL', key)
  elseif seconds == '0' then
    redis.call('SET', key, value, 'KEEPTTL')
  else
    redis.call('SET', key, value, 'EX', seconds)
  end
end
return 1`;

/** Records that several instances share and that survive their restarts. */
export class RedisRecordStore implements RecordStore {
  private readonly logger = new Logger(RedisRecordStore.name);
  private readonly client: Redis;
  private readonly prefix: string;
  private reachable = true;

  constructor({ url, namespace }: { readonly url: string; readonly namespace: string }) {
    this.prefix = `${namespace}:`;
    this.client = createRedisClient(url);
    this.client.on('error', () => this.report(false));
    this.client.on('ready', () => this.report(true));
  }

  /** A Redis that is away at boot is connected to as soon as it is there; until then requests are answered 503. */
  async connect(): Promise<void> {
    await this.client.connect().catch(() => this.report(false));
  }

  async find(key: RecordKey): Promise<string | undefined> {
    return (await this.run(() => this.client.get(this.nameOf(key)))) ?? undefined;
  }

  async put(key: RecordKey, value: string, ttlSeconds: number): Promise<void> {
    await this.run(() => this.client.set(this.nameOf(key), value, 'EX', ttlSeconds));
  }

  async commit(changes: readonly RecordChange[]): Promise<boolean> {
    const keys = changes.map(({ key }) => this.nameOf(key));
    const values = changes.flatMap(({ former = '', value = '', ttlSeconds }) => [
      former,
      value,
      ttlSeconds === 'kept' ? 0 : ttlSeconds,
    ]);
    return (await this.run(() => this.client.eval(COMMIT, keys.length, ...keys, ...values))) === 1;
  }

  async delete(key: RecordKey): Promise<void> {
    await this.run(() => this.client.del(this.nameOf(key)));
  }

  async close(): Promise<void> {
    this.client.disconnect();
  }

  private nameOf({ kind, id }: RecordKey): string {
    return `${this.prefix}${kind}:${id}`;
  }

  private async run<T>(command: () => Promise<T>): Promise<T> {
    try {
      const answer = await command();
      this.report(true);
      return answer;
    } catch (cause) {
      // A Redis that is frozen breaks no connection.
      this.report(false);
      throw new RecordStoreUnavailableError('the store of the demo does not answer', { cause });
    }
  }

  /** Once per change, and not for every command and every attempt to reconnect. */
  private report(reachable: boolean): void {
    if (reachable !== this.reachable) {
      this.reachable = reachable;
      this.logger[reachable ? 'log' : 'error'](reachable ? 'Redis is back' : 'Redis is away: pages answer 503');
    }
  }
}
