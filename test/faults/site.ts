import { Redis } from 'ioredis';
import { hmacSha256, OtpAdmin, OtpService, type CodeHasher, type OtpStore, type SmsTransport } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import type { ManualClock } from 'nestjs-sms-otp/testing';
import { systemClock } from '../../libs/otp/src/telemetry/clock.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { type Door, serviceDoor } from './door.js';
import { Ledger } from './ledger.js';
import { LIMITS, PURPOSES } from './rules.js';
import { RunningClock } from './running-clock.js';
import { witnessedHasher, witnessedStore, witnessedTransport } from './witness.js';

export interface SiteOptions {
  /** Arguments of redis-server. */
  readonly redis?: readonly string[];
  /** The store's deadline. */
  readonly commandTimeoutMs: number;
  readonly hashing?: CodeHasher;
  /** @default one that takes every message */
  readonly transport?: (ledger: Ledger) => SmsTransport;
  readonly sendTimeoutSeconds?: number;
  /** The applications' own clocks. @default the store's */
  readonly clockOf?: (instance: number) => ManualClock;
  /** @default 'running', which can leap */
  readonly storeClock?: 'running' | 'server';
  /** Stands between the module and Redis, e.g. to take a guard out. */
  readonly wrapStore?: (store: OtpStore, line: TcpProxy) => OtpStore;
}

/** What a fault can be done to: one Redis, the way to it, and two instances of an application. */
export interface Site {
  readonly ledger: Ledger;
  /** The store's. */
  readonly clock: { now(): number };
  /** Moves the store's clock; the server's own does not move. */
  advanceSeconds(seconds: number): void;
  readonly redis: RedisServer;
  /** Between the instances and Redis. */
  readonly line: TcpProxy;
  /** A connection past the line, as an operator has it. */
  readonly admin: Redis;
  door(n: number): Door;
  /** What the store counts of a number. */
  usedBy(phoneNumber: string): ReturnType<OtpAdmin['status']>;
  close(): Promise<void>;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const ledger = new Ledger();
  const clock = new RunningClock();
  const redis = await startRedis({ extra: options.redis ?? [] });
  const line = await startTcpProxy(redis.port);
  const admin = new Redis(redis.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
  admin.on('error', () => undefined);
  const apps: OtpApp[] = [];
  for (let n = 0; n < 2; n += 1) {
    const own = options.clockOf?.(n) ?? clock;
    apps.push(await startInstance({ ...options, line, ledger, own, clock }));
  }
  const doors = apps.map(({ app }) => serviceDoor(app.get(OtpService)));
  const [first] = apps;
  const door = (n: number) => {
    const found = doors[n % doors.length];
    if (found === undefined) {
      throw new Error('There are two instances');
    }
    return found;
  };
  return {
    ledger,
    clock: options.storeClock === 'server' ? systemClock : clock,
    advanceSeconds: (seconds) => clock.advanceSeconds(seconds),
    redis,
    line,
    admin,
    door,
    usedBy: (phoneNumber) => {
      if (first === undefined) {
        throw new Error('There are two instances');
      }
      return first.app.get(OtpAdmin).status(phoneNumber);
    },
    close: async () => {
      line.setLine({ kind: 'open' });
      redis.resume();
      admin.disconnect();
      for (const app of apps) {
        await app.close();
      }
      await line.stop();
      await redis.stop();
    },
  };
}

interface InstanceParts {
  readonly line: TcpProxy;
  readonly ledger: Ledger;
  /** The application's. */
  readonly own: ManualClock;
  /** The store's. */
  readonly clock: RunningClock;
}

function startInstance({
  line,
  ledger,
  own,
  clock,
  storeClock = 'running',
  commandTimeoutMs,
  hashing = hmacSha256(),
  transport = witnessedTransport,
  sendTimeoutSeconds,
  wrapStore = (unwrapped) => unwrapped,
}: SiteOptions & InstanceParts): Promise<OtpApp> {
  const url = `redis://127.0.0.1:${line.port}`;
  const store = redisStore({ url, commandTimeoutMs, ...(storeClock === 'server' ? {} : { clock }) });
  return startOtpApp({
    clock: own,
    purposes: PURPOSES,
    limits: LIMITS,
    store: witnessedStore(wrapStore(store, line), ledger),
    transports: [transport(ledger)],
    hashing: witnessedHasher(hashing, ledger),
    ...(sendTimeoutSeconds === undefined ? {} : { sendTimeoutSeconds }),
  });
}
