import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { hmacSha256, OtpAdmin, OtpService, type OtpStore } from 'nestjs-sms-otp';
import { redisStore, type WaitForReplicas } from 'nestjs-sms-otp/redis';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import type { Member, ReplicatedRedis } from '../support/replicated-redis.js';
import { type Door, serviceDoor } from './door.js';
import { Ledger } from './ledger.js';
import { LIMITS, PURPOSES } from './rules.js';
import { RunningClock } from './running-clock.js';
import { witnessedHasher, witnessedStore, witnessedTransport } from './witness.js';

const CONNECTED_WITHIN_MS = 20_000;

export interface FailoverSiteOptions {
  readonly redis: ReplicatedRedis;
  readonly waitForReplicas: WaitForReplicas | undefined;
  /** Where the first instance stands; the second reaches every server through its line. */
  readonly beside: Member;
}

/** Two instances of an application on a Redis that fails over. */
export interface FailoverSite {
  readonly ledger: Ledger;
  readonly clock: RunningClock;
  door(n: number): Door;
  usedBy(phoneNumber: string): ReturnType<OtpAdmin['status']>;
  close(): Promise<void>;
}

export async function openFailoverSite({ redis, waitForReplicas, beside }: FailoverSiteOptions): Promise<FailoverSite> {
  const ledger = new Ledger();
  const clock = new RunningClock();
  const namespace = `f${randomBytes(4).toString('hex')}`;
  const clients = [redis.connect(beside), redis.connect()];
  const start = async (client: Redis | Cluster): Promise<OtpApp> => {
    const store = redisStore({ client, namespace, clock, ...(waitForReplicas && { waitForReplicas }) });
    await connected(store);
    return startOtpApp({
      clock,
      purposes: PURPOSES,
      limits: LIMITS,
      store: witnessedStore(store, ledger),
      transports: [witnessedTransport(ledger)],
      hashing: witnessedHasher(hmacSha256(), ledger),
    });
  };
  const apps = await Promise.all(clients.map(start));
  const pick = (n: number) => {
    const app = apps[n % apps.length];
    if (app === undefined) {
      throw new Error('There are two instances');
    }
    return app.app;
  };
  const doors = [0, 1].map((n) => serviceDoor(pick(n).get(OtpService)));
  return {
    ledger,
    clock,
    door: (n) => doors[n % doors.length] ?? serviceDoor(pick(n).get(OtpService)),
    usedBy: (phoneNumber) => pick(1).get(OtpAdmin).status(phoneNumber),
    close: async () => {
      for (const app of apps) {
        await app.close();
      }
      clients.forEach((client) => client.disconnect());
    },
  };
}

/** Servers that have just come back may keep the first ones waiting. */
async function connected(store: OtpStore): Promise<void> {
  const giveUp = AbortSignal.timeout(CONNECTED_WITHIN_MS);
  while (
    !(await store.connect().then(
      () => true,
      () => false,
    ))
  ) {
    giveUp.throwIfAborted();
  }
}
