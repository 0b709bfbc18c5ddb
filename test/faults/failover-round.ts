import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { WaitForReplicas } from 'nestjs-sms-otp/redis';
import type { Member, ReplicatedRedis } from '../support/replicated-redis.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { Crowd } from './crowd.js';
import { type FailoverSite, openFailoverSite } from './failover-site.js';
import { judge, type Verdict } from './judge.js';
import { usedBy } from './used-by.js';

/** How a master is lost. */
export const LOSSES = {
  killed: async ({ server }: Member) => server.kill(),
  /** Frozen, and later back as a master that does not know of the other. */
  frozen: async ({ server }: Member) => server.pause(),
  /** The first instance stands on its side and goes on with it; replicas, Sentinels and the second do not. */
  'cut off': async ({ line }: Member) => line.setLine({ kind: 'dead', directions: ['requests', 'answers'] }),
  /** Its replicas first get nothing any more, and then it dies. */
  'cut off and killed': async ({ line, server }: Member) => {
    line.setLine({ kind: 'dead', directions: ['requests', 'answers'] });
    await delay(WINDOW_MS);
    await server.kill();
  },
} as const satisfies Record<string, (master: Member) => Promise<unknown>>;

export type Loss = keyof typeof LOSSES;

/** How long a master that is cut off lives on: shorter than it takes to be found out. */
const WINDOW_MS = 300;
const AT_ONCE = 16;
const BACK_WITHIN_MS = 20_000;
/** Numbers from here on are nobody's of the crowd. */
export const STRANGERS = 1_000_000;

export interface FailoverRound {
  readonly redis: ReplicatedRedis;
  readonly loss: Loss;
  readonly waitForReplicas: WaitForReplicas | undefined;
  readonly people: number;
  /** The part of them that is done when it happens. */
  readonly after: number;
}

export interface FailoverVerdict extends Verdict {
  /** From the loss until a code was sent and accepted at the instance that stands apart, in ms. */
  readonly recoveredMs: number;
  /** Challenges of which more codes were compared than attempts. */
  readonly comparedTooOften: number;
}

/** People use codes at two instances, a master is lost and another takes its place, and everything is counted. */
export async function playFailover({
  redis,
  loss,
  waitForReplicas,
  people,
  after,
}: FailoverRound): Promise<FailoverVerdict> {
  const master = await redis.master();
  const site = await openFailoverSite({ redis, waitForReplicas, beside: master });
  try {
    const { ledger } = site;
    const crowd = new Crowd({ surroundings: site, people, atOnce: AT_ONCE });
    const acting = crowd.act();
    await crowd.untilDone(after);
    crowd.alarm();
    const lostAt = performance.now();
    await LOSSES[loss](master);
    await redis.untilFailedOver(master);
    const recovered = untilItWorks(site, STRANGERS).then(() => performance.now() - lostAt);
    if (waitForReplicas === undefined) {
      await recovered;
    }
    await redis.bringBack(master);
    const recoveredMs = await recovered;
    crowd.goOn();
    await acting;
    await tryAgain(site);
    const verdict = judge({ ledger, loss: 'some', used: await usedBy(site) });
    const comparedTooOften = verdict.broken.filter((one) => one.includes('codes compared')).length;
    return { ...verdict, comparedTooOften, recoveredMs };
  } finally {
    await redis.bringBack(master);
    await site.close();
  }
}

/**
 * Codes asked for now are accepted at the instance that stands apart. Each answer is the occasion for the next question; of
 * these strangers the ledger keeps nothing but what was sent, for there are many while nothing answers.
 */
export async function untilItWorks({ ledger, door }: FailoverSite, strangers: number, times = 1): Promise<void> {
  const giveUp = AbortSignal.timeout(BACK_WITHIN_MS);
  for (let stranger = strangers, inARow = 0; inARow < times; stranger += 1) {
    const [number, ip] = [numberOf(stranger), addressOf(stranger)];
    const { challengeId } = await door(1).issue(number, ip);
    const code = ledger.lastCodeTo(number);
    const isSent = challengeId !== undefined && code !== undefined;
    const answered = isSent ? await door(1).verify(challengeId, code, ip) : undefined;
    inARow = answered?.outcome === 'verified' ? inARow + 1 : 0;
    giveUp.throwIfAborted();
    await setImmediate();
  }
}

/** Every code that was accepted, once more. */
async function tryAgain({ ledger, clock, door }: FailoverSite): Promise<void> {
  for (const { number, challengeId, code } of ledger.exchanges.filter(({ outcome }) => outcome === 'verified')) {
    if (challengeId !== undefined && code !== undefined) {
      const question = { operation: 'verify', number, challengeId, code } as const;
      await ledger.ask(question, clock.now(), () => door(1).verify(challengeId, code, addressOf(0)));
    }
  }
}
