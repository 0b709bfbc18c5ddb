import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { hmacSha256, memoryStore, type OtpStore } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, describe, it } from 'vitest';
import { countHashes } from '../support/counting-hasher.js';
import { effort } from '../support/effort.js';
import { numberOf } from '../support/otp-instances.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { requests } from './arbitraries/requests.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from './fuzz.js';
import { allRoutes } from './routes.js';
import { steps } from './sequences/steps.js';
import { type Stage, Walk } from './sequences/walk.js';
import { type FuzzTarget, startTarget } from './target.js';
import { WireClient } from './wire/wire-client.js';

const timeout = FUZZ_TIMEOUT_MS;
const CONNECTIONS = 3;
const DAYS_APART_SECONDS = 25 * 3600;

let redis: Promise<RedisServer> | undefined;
afterAll(async () => (await redis)?.stop());

interface Deployment {
  readonly name: string;
  readonly adapters: readonly ['express' | 'fastify', ...('express' | 'fastify')[]];
  readonly storeFor: (clock: ManualClock, namespace: string) => Promise<OtpStore>;
  readonly runs: number;
}

const memory = async (clock: ManualClock) => memoryStore({ clock });
const onRedis = async (clock: ManualClock, namespace: string) => {
  redis ??= startRedis();
  const { url } = await redis;
  return redisStore({ url, clock, namespace });
};

const DEPLOYMENTS: readonly Deployment[] = [
  { name: 'Express in memory', adapters: ['express'], storeFor: memory, runs: effort(5, 800) },
  { name: 'Fastify in memory', adapters: ['fastify'], storeFor: memory, runs: effort(5, 800) },
  { name: 'two instances on Redis', adapters: ['express', 'fastify'], storeFor: onRedis, runs: effort(4, 800) },
];

async function startStage({ adapters, storeFor }: Deployment): Promise<Stage & { close(): Promise<void> }> {
  const clock = new ManualClock();
  const hasher = countHashes(hmacSha256());
  const namespace = `fuzz-${randomBytes(4).toString('hex')}`;
  const start = async (adapter: 'express' | 'fastify') =>
    startTarget({ adapter, clock, store: await storeFor(clock, namespace), hashing: hasher });
  const [first, ...rest] = adapters;
  const targets: [FuzzTarget, ...FuzzTarget[]] = [await start(first)];
  for (const adapter of rest) {
    targets.push(await start(adapter));
  }
  const port = Number(new URL(targets[0].otp.url).port);
  const clients = Array.from({ length: CONNECTIONS }, () => new WireClient(port));
  return {
    targets,
    clients,
    clock,
    hasher,
    tried: new Tried(),
    close: async () => {
      clients.forEach((client) => client.close());
      await Promise.all(targets.map((target) => target.close()));
    },
  };
}

describe('A3 B2 B3 C1 invariant 1 invariant 2 invariant 3 invariant 4 any sequence of right, wrong and broken requests', () => {
  it.each(DEPLOYMENTS)('keeps the invariants on $name', { timeout }, async (deployment) => {
    const routes = await allRoutes();
    const stage = await startStage(deployment);
    let walks = 0;
    const property = fc.asyncProperty(steps(requests(routes)), async (taken) => {
      walks += 1;
      stage.clock.advanceSeconds(DAYS_APART_SECONDS);
      stage.targets.forEach(({ watch }) => watch.forget());
      await new Walk(stage, [numberOf(walks * 2), numberOf(walks * 2 + 1)], walks).go(taken);
      return true;
    });
    try {
      await assertHolds(property, { runs: deployment.runs, tried: stage.tried });
    } finally {
      await stage.close();
    }
  });
});
