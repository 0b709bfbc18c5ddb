import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { memoryStore, type OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { requests } from './arbitraries/requests.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from './fuzz.js';
import { allRoutes } from './routes.js';
import { type FuzzTarget, startTarget } from './target.js';
import { sendBatch } from './wire/send-batch.js';
import { WireClient } from './wire/wire-client.js';

const BATCH = 64;
const CONNECTIONS = 8;
const HOUR_SECONDS = 3600;

let redis: Promise<RedisServer> | undefined;
afterAll(async () => (await redis)?.stop());

const memory = async (clock: ManualClock): Promise<OtpStore> => memoryStore({ clock });
const onRedis = async (clock: ManualClock): Promise<OtpStore> => {
  redis ??= startRedis();
  const { url } = await redis;
  return redisStore({ url, clock, namespace: `fuzz-${randomBytes(4).toString('hex')}` });
};

const TARGETS = [
  { name: 'Express and memory', adapter: 'express', storeFor: memory, batches: effort(6, 4_500) },
  { name: 'Fastify and memory', adapter: 'fastify', storeFor: memory, batches: effort(6, 4_500) },
  { name: 'Express and Redis', adapter: 'express', storeFor: onRedis, batches: effort(3, 2_000) },
  { name: 'Fastify and Redis', adapter: 'fastify', storeFor: onRedis, batches: effort(3, 2_000) },
] as const;

describe('J1 J2 I2 A6 any request to any route, with any body and any header', () => {
  it.each(TARGETS)(
    'on $name is answered as documented and tells nothing',
    { timeout: FUZZ_TIMEOUT_MS },
    async ({ adapter, storeFor, batches }) => {
      const routes = await allRoutes();
      const clock = new ManualClock();
      const target = await startTarget({ adapter, clock, store: await storeFor(clock) });
      const port = Number(new URL(target.otp.url).port);
      const clients = Array.from({ length: CONNECTIONS }, () => new WireClient(port));
      const tried = new Tried();
      let batch = 0;

      const property = fc.asyncProperty(
        fc.array(requests(routes), { minLength: 1, maxLength: BATCH, size: 'max' }),
        async (batchOfRequests) => {
          batch += 1;
          target.watch.forget();
          clock.advanceSeconds(HOUR_SECONDS);
          const known = await prepare(target, batch);
          await sendBatch(target, { requests: batchOfRequests, clients, known, tried });
          target.watch.check();
          return true;
        },
      );
      try {
        await assertHolds(property, { runs: batches, tried });
        expect(tried.of('2xx'), 'requests that got somewhere').toBeGreaterThan(0);
        await seeRecords(target);
      } finally {
        clients.forEach((client) => client.close());
        await target.close();
      }
    },
  );
});

/** Keys and values of the newest batch, whose numbers and codes are still known. */
async function seeRecords({ watch }: FuzzTarget): Promise<void> {
  if (redis === undefined) {
    return;
  }
  const inspector = new Redis((await redis).url);
  for (const key of await inspector.keys('*')) {
    watch.see('record', `${key} ${(await inspector.getBuffer(key))?.toString('latin1') ?? ''}`);
  }
  inspector.disconnect();
  watch.check();
}

/** What the requests of a batch may use: live challenges, a right code, a proof, a trusted device. */
async function prepare(target: FuzzTarget, batch: number): Promise<ReadonlyMap<string, string>> {
  const number = numberOf(batch * 3);
  const [id, other, spent] = await Promise.all(
    [number, numberOf(batch * 3 + 1), numberOf(batch * 3 + 2)].map((to) => issue(target, to)),
  );
  const code = target.otp.codeTo(numberOf(batch * 3 + 2));
  const options = { purpose: 'login', challengeId: spent ?? '', code, client: 'none', rememberDevice: true } as const;
  const verified = await target.service.verify(options);
  const { proof = '', deviceToken = '' } = verified.outcome === 'verified' ? verified : {};
  return new Map([
    ['{number}', number],
    ['{id}', id ?? ''],
    ['{other}', other ?? ''],
    ['{code}', target.otp.codeTo(number)],
    ['{proof}', proof],
    ['{device}', deviceToken],
    ['{session}', target.session],
    ['{ip}', addressOf(batch)],
  ]);
}

async function issue({ service }: FuzzTarget, phoneNumber: string): Promise<string> {
  const issued = await service.issue({ purpose: 'login', phoneNumber, client: 'none' });
  if (issued.outcome !== 'issued') {
    throw new Error(`a batch begins with nothing: ${issued.outcome}`);
  }
  return issued.challenge.challengeId;
}
