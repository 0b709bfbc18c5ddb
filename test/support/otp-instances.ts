import type { OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import type { ManualClock } from 'nestjs-sms-otp/testing';
import { OtpHttpClient } from './http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from './otp-app.js';
import type { RedisServer } from './redis-server.js';

export interface OtpInstancesOptions extends Omit<OtpAppOptions, 'store' | 'trustedProxies'> {
  readonly redis: RedisServer;
  readonly namespace: string;
  /** Also the store's, instead of the server's own. */
  readonly clock?: ManualClock;
  /** Stands between the module and Redis, e.g. to take a guard out. */
  readonly wrapStore?: (store: OtpStore) => OtpStore;
}

/** Two applications on one Redis, behind something that balances their load. */
export interface OtpInstances {
  readonly apps: readonly [OtpApp, OtpApp];
  /** The n-th client: it has an address of its own, and all its requests go to the same instance. */
  client(n: number): OtpHttpClient;
  /** How many messages both have sent. */
  readonly messageCount: number;
  close(): Promise<void>;
}

export async function startInstances({
  redis,
  namespace,
  wrapStore = (store) => store,
  ...options
}: OtpInstancesOptions): Promise<OtpInstances> {
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const start = () =>
    startOtpApp({
      ...options,
      store: wrapStore(redisStore({ url: redis.url, namespace, ...clock })),
      trustedProxies: ['loopback'],
    });
  const apps = [await start(), await start()] as const;
  return {
    apps,
    client: (n) => new OtpHttpClient(apps[n % 2 === 0 ? 0 : 1], { 'X-Forwarded-For': addressOf(n) }),
    get messageCount() {
      return apps.reduce((sum, { transport }) => sum + transport.messages.length, 0);
    },
    close: async () => {
      for (const app of apps) {
        await app.close();
      }
    },
  };
}

/** A Dutch mobile number, different for every n below ten million. */
export function numberOf(n: number): string {
  return `+316${String(10_000_000 + n)}`;
}

/** An IPv4 address, different for every n below 2^24. */
export function addressOf(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}
