import type { ReplicaWait } from './replication-line.js';

export interface WaitForReplicas {
  /** Replicas of each master that must have a write before it is answered: 1 to 10. */
  readonly replicas: number;
  /**
   * For how long, in milliseconds: 10 to `commandTimeoutMs`, in a Cluster to a third of it. The last 100 ms of that are for
   * the answer, and not waited.
   * @default 500, or that bound where it is less
   */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 500;
const SHORTEST_TIMEOUT_MS = 10;
const MOST_REPLICAS = 10;

/** @throws {TypeError} when a member is missing or wrong */
export function readReplicaWait(given: WaitForReplicas | undefined, longestMs: number): ReplicaWait | undefined {
  if (given === undefined) {
    return undefined;
  }
  if (typeof given !== 'object' || given === null) {
    throw new TypeError('redisStore: `waitForReplicas` must be an object, e.g. { replicas: 1 }');
  }
  const { replicas, timeoutMs = Math.min(DEFAULT_TIMEOUT_MS, longestMs) } = given;
  if (!isWholeFrom(1, replicas, MOST_REPLICAS)) {
    throw new TypeError(`redisStore: \`waitForReplicas.replicas\` must be a whole number from 1 to ${MOST_REPLICAS}`);
  }
  if (!isWholeFrom(SHORTEST_TIMEOUT_MS, timeoutMs, longestMs)) {
    throw new TypeError(
      `redisStore: \`waitForReplicas.timeoutMs\` must be a whole number from ${SHORTEST_TIMEOUT_MS} to ${longestMs}, the time ` +
        'that a script has (`commandTimeoutMs`, in a Cluster a third of it)',
    );
  }
  return { replicas, timeoutMs };
}

function isWholeFrom(least: number, value: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
