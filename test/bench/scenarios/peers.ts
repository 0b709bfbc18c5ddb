import { Server } from '../http/server.js';
import { type BenchOtp, startOtp } from '../bench-otp.js';
import { freshMemoryStore, freshRedisStore, HASHERS, numberOf } from '../otp-settings.js';
import { startBetterAuth } from '../peers/better-auth.js';
import type { BenchRedis } from '../redis.js';
import { type Goal, perSecond, type Section, timesAsFast } from '../report.js';
import { type Contestant, inFlight, measureRates, type RoundsOptions } from '../rounds.js';

const IN_FLIGHT = 64;
const DIRECTLY: Goal = { atLeast: 3 };
const OVER_HTTP: Goal = { atLeast: 5 };

/** The same job beside better-auth's phone-number plugin, and beside what tutorials put together; on the same Redis. */
export async function peers(redis: BenchRedis, rounds: RoundsOptions): Promise<readonly Section[]> {
  return [await directly(redis, rounds), await overHttp(redis, rounds)];
}

async function directly(redis: BenchRedis, rounds: RoundsOptions): Promise<Section> {
  const ours = {
    memory: await startOtp({ store: freshMemoryStore(), hashing: HASHERS.HMAC() }),
    Redis: await startOtp({ store: freshRedisStore(redis), hashing: HASHERS.HMAC() }),
    argon2id: await startOtp({ store: freshRedisStore(redis), hashing: HASHERS.argon2id() }),
  };
  const theirs = { memory: await betterAuthDirectly(), Redis: await betterAuthDirectly(redis.url) };
  const rates = await measureRates(
    [
      ...ourContestants('ours, Redis', ours.Redis),
      ...theirs.Redis.contestants('better-auth, Redis'),
      ...ourContestants('ours, memory', ours.memory),
      ...theirs.memory.contestants('better-auth, memory'),
      ...ourContestants('ours, Redis, argon2id', ours.argon2id),
    ],
    rounds,
  );
  await Promise.all([ours.memory, ours.Redis, ours.argon2id].map((otp) => otp.close()));
  theirs.Redis.close();
  theirs.memory.close();

  const against = (store: 'Redis' | 'memory', goal?: Goal) =>
    [
      { name: `issue, ${store}`, ours: 'issue', other: 'issue' },
      { name: `issue → verify, ${store}, its consume`, ours: 'issue → verify', other: 'issue → consume' },
      { name: `issue → verify, ${store}, its verify`, ours: 'issue → verify', other: 'issue → verify' },
    ].map((pair) =>
      timesAsFast(rates, {
        name: pair.name,
        ours: `${pair.ours}, ours, ${store}`,
        other: `${pair.other}, better-auth, ${store}`,
        ...(goal && { goal }),
      }),
    );
  return {
    title: 'Direct calls, HMAC, against better-auth 1.7 (phone-number plugin)',
    figures: [
      ...against('Redis', DIRECTLY),
      ...against('memory'),
      ...['issue, ours, Redis, argon2id', 'issue → verify, ours, Redis, argon2id'].map((name) =>
        perSecond(name, rates.of(name)),
      ),
    ],
  };
}

function ourContestants(name: string, otp: BenchOtp): readonly Contestant[] {
  return [
    inFlight(`issue, ${name}`, IN_FLIGHT, () => otp.issue()),
    inFlight(`issue → verify, ${name}`, IN_FLIGHT, () => otp.cycle()),
  ];
}

/** Each place in flight has a user of its own: see `startBetterAuth`. */
async function betterAuthDirectly(redisUrl?: string) {
  const codes = new Map<string, string>();
  const { auth, forgetCodes, close } = await startBetterAuth({
    ...(redisUrl !== undefined && { redisUrl }),
    sendOTP: ({ phoneNumber, code }) => void codes.set(phoneNumber, code),
  });
  const issue = (phoneNumber: string) => auth.api.sendPhoneNumberOTP({ body: { phoneNumber } });
  const consume = async (phoneNumber: string) => {
    await issue(phoneNumber);
    await auth.api.consumePhoneNumberOTP({ body: { phoneNumber, code: codes.get(phoneNumber) ?? '' } });
  };
  const verify = async (phoneNumber: string) => {
    await issue(phoneNumber);
    const code = codes.get(phoneNumber) ?? '';
    await auth.api.verifyPhoneNumber({ body: { phoneNumber, code, disableSession: true } });
  };
  const contestant = (name: string, job: (phoneNumber: string) => Promise<unknown>): Contestant => {
    const { run } = inFlight(name, IN_FLIGHT, (place) => job(numberOf(place)));
    return {
      name,
      run(seconds) {
        forgetCodes();
        return run(seconds);
      },
    };
  };
  return {
    contestants: (name: string) => [
      contestant(`issue, ${name}`, issue),
      contestant(`issue → consume, ${name}`, consume),
      contestant(`issue → verify, ${name}`, verify),
    ],
    close,
  };
}

async function overHttp({ url }: BenchRedis, rounds: RoundsOptions): Promise<Section> {
  const adapter = 'Fastify';
  const onRedis = { kind: 'Redis', url } as const;
  const ours = await Server.start({ kind: 'module', adapter, store: onRedis, hashing: 'HMAC' });
  const argon2id = await Server.start({ kind: 'module', adapter, store: onRedis, hashing: 'argon2id' });
  const betterAuth = await Server.start({ kind: 'better-auth', redisUrl: url });
  const byHand = await Server.start({ kind: 'by hand', redisUrl: url });
  const servers = [ours, betterAuth, byHand, argon2id];
  const contestants = servers.flatMap((server) => [server.contestant('issue'), server.contestant('cycle')]);
  const rates = await measureRates(contestants, rounds);
  await Promise.all(servers.map((server) => server.close()));

  const against = (other: Server, goal?: Goal) =>
    (['issue', 'cycle'] as const).map((job) =>
      timesAsFast(rates, {
        name: other.contestant(job).name,
        ours: ours.contestant(job).name,
        other: other.contestant(job).name,
        ...(goal && { goal }),
      }),
    );
  return {
    title: 'Over HTTP on Redis, HMAC on Nest with Fastify, against the others',
    figures: [
      ...against(betterAuth, OVER_HTTP),
      ...against(byHand),
      ...[argon2id.contestant('issue'), argon2id.contestant('cycle')].map(({ name }) =>
        perSecond(name, rates.of(name)),
      ),
    ],
  };
}
