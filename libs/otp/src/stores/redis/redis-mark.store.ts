import type { MarkStore } from '../otp-store.js';
import { markKey } from './keys.js';
import type { RedisStoreParts } from './redis-limit.store.js';
import { toMs } from './script-requests.js';
import { scripts } from './scripts.generated.js';

export class RedisMarkStore implements MarkStore {
  constructor(private readonly parts: RedisStoreParts) {}

  async putIfAbsent(key: string, value: string, ttlSeconds: number): Promise<string | undefined> {
    const args = [value, toMs(ttlSeconds)];
    const isUnchanged = (reply: unknown) => Buffer.isBuffer(reply);
    const call = { script: scripts.putIfAbsent, keys: [this.name(key)], args, isUnchanged };
    const present = await this.parts.lasting.evaluate(call);
    return Buffer.isBuffer(present) ? present.toString() : undefined;
  }

  async put(key: string, value: string, ttlSeconds: number): Promise<void> {
    await this.parts.connection.run('SET', (client) => client.set(this.name(key), value, 'PX', toMs(ttlSeconds)));
  }

  async get(key: string): Promise<string | undefined> {
    const value = await this.parts.connection.run('GET', (client) => client.get(this.name(key)));
    return value ?? undefined;
  }

  async delete(key: string): Promise<void> {
    await this.parts.connection.run('DEL', (client) => client.del(this.name(key)));
  }

  private name(key: string): string {
    return markKey(this.parts.namespace, key);
  }
}
