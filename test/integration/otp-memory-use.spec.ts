import { Redis } from 'ioredis';
import { hmacSha256, type OtpClientOption, OtpService, type SmsTransport } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WIDE_SHARED_LIMITS } from '../support/limits.js';
import { startOtpApp } from '../support/otp-app.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

/** Redis’ tables have 16,384 places for this many keys, grown at 8,192: as full as they are at 50,000 or 100,000. */
const CHALLENGES = 12_400;
/** As full as with 2,048 places. By then scripts and shared budgets, which are no challenge’s, are there. */
const FIRST_CHALLENGES = 1_550;
const AT_ONCE = 155;

const sink: SmsTransport = {
  name: 'sink',
  channels: ['sms'],
  send: () => Promise.resolve({ outcome: 'accepted', messageId: 'sink' }),
};

let redis: RedisServer;
let inspector: Redis;
beforeAll(async () => {
  redis = await startRedis();
  inspector = new Redis(redis.url);
});
afterAll(async () => {
  inspector.disconnect();
  await redis.stop();
});

/** While nobody else is connected, for the buffers of connections are no challenge’s. */
async function usedMemory(): Promise<number> {
  await expect
    .poll(
      async () =>
        String(await inspector.client('LIST'))
          .trim()
          .split('\n').length,
    )
    .toBe(1);
  const info = await inspector.info('memory');
  return Number(/used_memory:(?<bytes>\d+)/.exec(info)?.groups?.['bytes']);
}

interface Issuing {
  readonly namespace: string;
  readonly from: number;
  readonly to: number;
  clientOf(n: number): OtpClientOption;
}

async function issue({ namespace, from, to, clientOf }: Issuing): Promise<void> {
  const { app, close } = await startOtpApp({
    store: redisStore({ url: redis.url, namespace }),
    hashing: hmacSha256(),
    transports: [sink],
    limits: WIDE_SHARED_LIMITS,
  });
  const otp = app.get(OtpService);
  for (let done = from; done < to; done += AT_ONCE) {
    const results = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) =>
        otp.issue({ purpose: 'login', phoneNumber: numberOf(done + n), client: clientOf(done + n) }),
      ),
    );
    expect(results.every(({ outcome }) => outcome === 'issued')).toBe(true);
  }
  await close();
}

/** What Redis keeps of each kind of key, added up, and what it uses in all, for each live challenge. */
async function bytesPerChallenge(namespace: string, clientOf: Issuing['clientOf']) {
  await issue({ namespace, from: 0, to: FIRST_CHALLENGES, clientOf });
  const before = await usedMemory();
  await issue({ namespace, from: FIRST_CHALLENGES, to: CHALLENGES, clientOf });
  const inAll = ((await usedMemory()) - before) / (CHALLENGES - FIRST_CHALLENGES);
  return {
    inAll: Math.round(inAll),
    number: await bytesOfKind(`${namespace}:{n`),
    ip: await bytesOfKind(`${namespace}:{i`),
  };
}

async function bytesOfKind(prefix: string): Promise<number> {
  let bytes = 0;
  for await (const keys of inspector.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    const pipeline = inspector.pipeline();
    for (const key of keys as string[]) {
      pipeline.memory('USAGE', key);
    }
    for (const [, usage] of (await pipeline.exec()) ?? []) {
      bytes += Number(usage);
    }
  }
  return Math.round(bytes / CHALLENGES);
}

it(
  'a live challenge with its number’s counters costs at most 300 bytes of Redis, made through the whole module',
  {
    timeout: 120_000,
  },
  async () => {
    const withoutIp = await bytesPerChallenge('none', () => 'none');
    report('no client', withoutIp);
    expect(withoutIp.inAll).toBeLessThanOrEqual(300);
    expect(withoutIp.ip).toBe(0);

    await inspector.flushall();
    const withIp = await bytesPerChallenge('ip', (n) => ({ ip: addressOf(n) }));
    report('an address of its own each', withIp);
    expect(withIp.number).toBeLessThanOrEqual(300);
  },
);

function report(clients: string, bytes: object): void {
  process.stdout.write(`Redis bytes for each live challenge, ${clients}: ${JSON.stringify(bytes)}\n`);
}
