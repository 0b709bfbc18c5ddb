import type { WaitForReplicas } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { startReplicatedCluster } from '../support/redis-cluster-replicas.js';
import { startRedisSentinel } from '../support/redis-sentinel.js';
import type { ReplicatedRedis } from '../support/replicated-redis.js';
import { type FailoverVerdict, type Loss, playFailover } from './failover-round.js';
import { reportFault } from './fault-row.js';

const ROUNDS = effort(1, 2);
const PEOPLE = effort(32, 96);
const RECOVERED_WITHIN_MS = 30_000;

interface Ground {
  readonly name: string;
  readonly start: () => Promise<ReplicatedRedis>;
  readonly waitForReplicas?: WaitForReplicas;
  readonly losses: readonly Loss[];
}

const WAITING: readonly Ground[] = [
  {
    name: 'Sentinel, waiting',
    start: startRedisSentinel,
    waitForReplicas: { replicas: 1 },
    losses: lossesOf('Sentinel'),
  },
  {
    name: 'Cluster, waiting',
    start: startReplicatedCluster,
    waitForReplicas: { replicas: 1 },
    losses: lossesOf('Cluster'),
  },
];
/** What is lost without waiting is measured. */
const MEASURED: readonly Ground[] = [
  { name: 'Sentinel', start: startRedisSentinel, losses: lossesOf('Sentinel') },
  { name: 'Cluster', start: startReplicatedCluster, losses: lossesOf('Cluster') },
  { name: 'Sentinel, min-replicas-to-write 1', start: startCareful, losses: lossesOf('Sentinel') },
];
const GROUNDS = effort(WAITING.slice(0, 1), [...WAITING, ...MEASURED]);

/** Nodes of a cluster tell each other who is there past the line, so one that is only cut off stays master. */
function lossesOf(kind: 'Sentinel' | 'Cluster'): readonly Loss[] {
  return kind === 'Sentinel'
    ? ['killed', 'frozen', 'cut off', 'cut off and killed']
    : ['killed', 'frozen', 'cut off and killed'];
}

/** A master that has heard from no replica for a second takes no more writes. */
function startCareful(): Promise<ReplicatedRedis> {
  return startRedisSentinel({ extra: ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '1'] });
}

describe.each(GROUNDS)(
  'case 82 a master is lost while people use codes, $name',
  ({ name, start, waitForReplicas, losses }) => {
    let redis: ReplicatedRedis;
    beforeAll(async () => (redis = await start()));
    afterAll(() => redis.stop());

    const played = effort(losses.slice(-1), losses);
    const time = ROUNDS * 60_000;
    it.each(played)(
      'A3 B3 L1 %s: every answer is clear, and it recovers by itself',
      { timeout: time },
      async (loss) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const after = 0.2 + 0.6 * ((round + 0.5) / ROUNDS);
          const verdict = await playFailover({ redis, loss, waitForReplicas, people: PEOPLE, after });
          reportFault({ fault: `${name}: ${loss}`, ...verdict });
          expect(verdict.recoveredMs).toBeLessThan(RECOVERED_WITHIN_MS);
          expect(brokenBy(verdict, waitForReplicas)).toEqual([]);
        }
      },
    );
  },
);

/** What Redis never promised, without waiting, is measured and no failure. */
function brokenBy({ broken }: FailoverVerdict, waitForReplicas: WaitForReplicas | undefined): readonly string[] {
  return broken.filter((one) => waitForReplicas !== undefined || one.startsWith('unclear answer'));
}
