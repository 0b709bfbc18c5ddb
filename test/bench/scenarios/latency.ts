import { lookup } from 'node:dns/promises';
import { stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { argon2id, type CodeHasher } from 'nestjs-sms-otp';
import { type BenchOtp, type Issued, startOtp } from '../bench-otp.js';
import { cheaplyIssued } from '../hashers.js';
import { freshMemoryStore } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import type { Figure, Section } from '../report.js';
import { median, quantile, type RoundsOptions } from '../rounds.js';

const IN_FLIGHT = 64;
const ANSWERS_PER_CHALLENGE = 10;
const MOST_MS = 10;
const INPUT = randomBytes(32);
const STORED = randomBytes(48);

const PROBES = {
  'fs.stat': () => stat(import.meta.filename),
  'dns.lookup': () => lookup('localhost'),
} as const;
type Probe = keyof typeof PROBES;
const PROBE_NAMES = ['fs.stat', 'dns.lookup'] as const;

/** What other users of libuv's threads wait for while codes are compared. */
export async function latency(_: BenchRedis, { rounds, secondsPerRound }: RoundsOptions): Promise<Section> {
  const otp = await startOtp({ store: freshMemoryStore(), hashing: cheaplyIssued() });
  const hasher = argon2id();
  await hasher.prepare();
  const challenges = new ChallengeSupply(otp);
  const loads: Readonly<Record<string, () => Promise<unknown>>> = {
    [`${IN_FLIGHT} verifications in flight`]: () => challenges.answer(),
    [`${IN_FLIGHT} hashes at once, without the seats`]: () => verifyRaw(hasher),
    'nothing else running': () => new Promise((resolve) => setTimeout(resolve, 20)),
  };

  const seen = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [load, work] of Object.entries(loads)) {
      const waits = await waitsUnder(work, secondsPerRound);
      for (const probe of PROBE_NAMES) {
        const key = `${probe}, ${load}`;
        seen.set(key, [...(seen.get(key) ?? []), quantile(waits[probe], 0.99)]);
      }
    }
  }
  await otp.close();
  const figures = [...seen].map(([name, p99s]): Figure => {
    const goal = name.includes('verifications') ? { goal: { atMost: MOST_MS } } : {};
    return { name, value: median(p99s), unit: 'ms p99', ...goal };
  });
  return { title: 'Other work on the thread pool', figures };
}

async function waitsUnder(work: () => Promise<unknown>, seconds: number): Promise<Readonly<Record<Probe, number[]>>> {
  const waits: Record<Probe, number[]> = { 'fs.stat': [], 'dns.lookup': [] };
  const endsAt = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= endsAt;
  const workers = Array.from({ length: IN_FLIGHT }, async () => {
    while (!isOver()) {
      await work();
    }
  });
  while (!isOver()) {
    for (const probe of PROBE_NAMES) {
      const startedAt = performance.now();
      await PROBES[probe]();
      waits[probe].push(performance.now() - startedAt);
    }
  }
  await Promise.all(workers);
  return waits;
}

function verifyRaw(hasher: CodeHasher): Promise<boolean> {
  return hasher.verify(INPUT, STORED);
}

/** Challenges with attempts left, so that every answer is hashed. */
class ChallengeSupply {
  private readonly ready: Issued[] = [];

  constructor(private readonly otp: BenchOtp) {}

  async answer(): Promise<void> {
    const challenge = this.ready.pop() ?? (await this.more());
    await this.otp.wrongAnswer(challenge);
  }

  private async more(): Promise<Issued> {
    const issued = await this.otp.issue();
    this.ready.push(...Array.from({ length: ANSWERS_PER_CHALLENGE - 1 }, () => issued));
    return issued;
  }
}
