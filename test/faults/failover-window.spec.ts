import type { WaitForReplicas } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { wrongCode } from '../support/http.js';
import { effort } from '../support/effort.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { startReplicatedCluster } from '../support/redis-cluster-replicas.js';
import { startRedisSentinel } from '../support/redis-sentinel.js';
import type { ReplicatedRedis } from '../support/replicated-redis.js';
import { type FailoverSite, openFailoverSite } from './failover-site.js';
import { STRANGERS, untilItWorks } from './failover-round.js';
import { reportFault } from './fault-row.js';
import { judge, type Verdict } from './judge.js';
import { RULES } from './rules.js';
import { usedBy } from './used-by.js';

/** Of each kind. In a cluster a third of them lose something. */
const PEOPLE = 24;
/** Strangers whose codes are accepted one after the other, so on every master. */
const IN_A_ROW = 24;
const WAIT: WaitForReplicas = { replicas: 1 };

/** In the short form failover-rounds.spec.ts has the Sentinels. */
const GROUNDS = effort(
  [['Cluster', startReplicatedCluster] as const],
  [['Cluster', startReplicatedCluster] as const, ['Sentinel', startRedisSentinel] as const],
);

/**
 * The window, as wide as it gets: from one moment on nothing that a master writes reaches its replicas, and the instance
 * beside it answers on. Then it dies and a replica takes its place.
 */
describe.each(GROUNDS)('case 82 a failover loses the last writes, %s', (name, start) => {
  let redis: ReplicatedRedis;
  beforeAll(async () => (redis = await start()));
  afterAll(() => redis.stop());

  /** Half of the people enter their code and half guess, at one instance and, after the failover, at the other. */
  async function failOver(waitForReplicas: WaitForReplicas | undefined): Promise<Verdict> {
    const master = await redis.master();
    const site = await openFailoverSite({ redis, waitForReplicas, beside: master });
    try {
      await untilItWorks(site, STRANGERS, IN_A_ROW);
      const people = await Promise.all(Array.from({ length: 2 * PEOPLE }, (_, n) => startPerson(site, n)));
      master.line.setLine({ kind: 'dead', directions: ['requests', 'answers'] });
      await Promise.all(people.map((person) => answer(site, 0, person)));
      await master.server.kill();
      await redis.untilFailedOver(master);
      await redis.bringBack(master);
      await untilItWorks(site, 2 * STRANGERS, IN_A_ROW);
      await Promise.all(people.map((person) => answer(site, 1, person)));
      const verdict = judge({ ledger: site.ledger, loss: 'some', used: await usedBy(site) });
      reportFault({
        fault: `${name}: last writes lost${waitForReplicas ? ', waiting for one replica' : ''}`,
        ...verdict,
      });
      return verdict;
    } finally {
      await site.close();
    }
  }

  it('(what Redis does not promise) without waiting codes are accepted twice and attempts come back', async () => {
    const { acceptedTwice, broken } = await failOver(undefined);
    // So that the table of attacks tells it; all of them may.
    attacked({ tried: PEOPLE, through: acceptedTwice, allowed: PEOPLE });
    expect(acceptedTwice).toBeGreaterThan(0);
    expect(broken.filter((one) => one.includes('codes compared'))).not.toEqual([]);
    expect(broken.filter((one) => one.startsWith('unclear'))).toEqual([]);
  });

  it('A3 B3 waiting for one replica every code is accepted once and no attempt comes back', async () => {
    const { accepted, acceptedTwice, broken } = await failOver(WAIT);
    attacked({ tried: PEOPLE, through: acceptedTwice });
    expect({ acceptedTwice, broken }).toEqual({ acceptedTwice: 0, broken: [] });
    expect(accepted).toBeGreaterThan(0);
  });
});

interface Person {
  readonly n: number;
  readonly number: string;
  readonly challengeId: string;
  readonly code: string;
}

async function startPerson({ ledger, clock, door }: FailoverSite, n: number): Promise<Person> {
  const number = numberOf(n);
  const { challengeId, sentCode } = await ledger.ask({ operation: 'issue', number }, clock.now(), () =>
    door(1).issue(number, addressOf(n)),
  );
  return challengeId === undefined || sentCode === undefined
    ? expect.fail('no code was sent')
    : { n, number, challengeId, code: sentCode };
}

/** One in two is a guesser. */
async function answer(
  { ledger, clock, door }: FailoverSite,
  instance: number,
  { n, number, challengeId, code: right }: Person,
): Promise<void> {
  const codes = n % 2 === 0 ? [right] : Array.from({ length: RULES.maxAttempts }, () => wrongCode(right));
  await Promise.all(
    codes.map((code) =>
      ledger.ask({ operation: 'verify', number, challengeId, code }, clock.now(), () =>
        door(instance).verify(challengeId, code, addressOf(n)),
      ),
    ),
  );
}
