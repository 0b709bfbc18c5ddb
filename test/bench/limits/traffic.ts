import type { RecordKey } from 'nestjs-sms-otp';

/** Who asks in one decision. */
export interface Sender {
  readonly number: string;
  readonly ip: string;
  /** The number less its last four digits. */
  readonly prefix: string;
}

const SEED = 20_251_122;
/** Every block has senders of its own, so the share that is refused stays as it is however long a replay is. */
const BLOCK = { decisions: 1_000, numbers: 500, prefixes: 200, ips: 100 } as const;
/** Above 1: some ask much more often than others. */
const SKEW = 1.5;

/**
 * The same senders in the same order at every call, each as `make` wants to have it. All strings are new ones: a limiter
 * meets each of them for the first time, as it would in a request.
 */
export function senders<T>(count: number, make: (sender: Sender) => T): readonly T[] {
  const random = seededRandom(SEED);
  const pick = (size: number) => Math.floor(size * random() ** SKEW);
  return Array.from({ length: count }, (_, i) => {
    const block = Math.floor(i / BLOCK.decisions);
    const ofBlock = pick(BLOCK.numbers);
    const prefix = `+31${600_000 + block * BLOCK.prefixes + (ofBlock % BLOCK.prefixes)}`;
    return make({ number: `${prefix}${1000 + ofBlock}`, ip: ipOf(block * BLOCK.ips + pick(BLOCK.ips)), prefix });
  });
}

/** The n-th address of 10.0.0.0/8. */
export function ipOf(n: number): string {
  return `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** A record's name, as long as the library makes them. What the keyed hash costs that it makes them by is not compared. */
export function recordKey(kind: RecordKey['kind'], text: string): RecordKey {
  return { kind, index: Buffer.from(text.padStart(12, '0')).toString('base64url').slice(-16) };
}

/** mulberry32: small, and the same on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
