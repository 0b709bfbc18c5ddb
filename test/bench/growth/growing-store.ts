import { Redis } from 'ioredis';
import { type BenchOtp, type Issued, startOtp } from '../bench-otp.js';
import { freshMemoryStore, freshRedisStore, HASHERS } from '../otp-settings.js';
import { Conversation } from '../replay.js';

export interface GrowthOptions {
  /** Without one the store is in memory. */
  readonly redisUrl?: string;
  readonly challenges: number;
}

/** An application with so many live challenges, each of a number of its own. */
export interface GrownStore {
  readonly otp: BenchOtp;
  /** Some of the challenges, from first to last: their numbers are refused another one. */
  readonly samples: readonly Issued[];
  readonly bytesPerChallenge: number;
  close(): Promise<void>;
}

const SAMPLES = 500;
const AT_ONCE = 64;

/** Challenges are made by the library, on Redis by its own scripts replayed, which takes half the time. */
export async function grow({ redisUrl, challenges }: GrowthOptions): Promise<GrownStore> {
  const client = redisUrl === undefined ? undefined : new Redis(redisUrl);
  await client?.flushall();
  const store = redisUrl === undefined ? freshMemoryStore() : freshRedisStore({ url: redisUrl });
  const otp = await startOtp({ store, hashing: HASHERS.HMAC() });
  const issue = client === undefined ? () => otp.issue() : await replayedIssue(client, otp);

  const usedBytes = client === undefined ? heapBytes : () => redisBytes(client);
  const before = await usedBytes();
  const samples: Issued[] = [];
  const each = challenges / SAMPLES;
  let made = 0;
  const maker = async () => {
    while (made < challenges) {
      made += 1;
      if (made % each === 0) {
        samples.push(await otp.issue());
      } else {
        await issue();
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, maker));
  const bytesPerChallenge = ((await usedBytes()) - before) / challenges;
  return {
    otp,
    samples,
    bytesPerChallenge,
    async close() {
      await otp.close();
      client?.disconnect();
    },
  };
}

async function replayedIssue(client: Redis, otp: BenchOtp): Promise<() => Promise<unknown>> {
  const conversation = await Conversation.overhear(client, otp);
  return () => conversation.issue();
}

async function redisBytes(client: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
}

/** What is still needed. @throws Error when Node was not started with --expose-gc */
function heapBytes(): Promise<number> {
  if (globalThis.gc === undefined) {
    throw new Error('bytes are counted with --expose-gc only');
  }
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return Promise.resolve(heapUsed + external);
}
