import type {
  Charge,
  ChallengeRef,
  ChallengeStore,
  DeliveryState,
  LimitRequest,
  LogCharge,
  NewChallenge,
  RecordKey,
  Replacement,
  Reservation,
} from '../otp-store.js';
import { checkSizes } from '../store-checks.js';
import { admit } from './admission.js';
import { creditsEarned, giveBack, settle } from './amendments.js';
import { entryAt } from './log.js';
import {
  liveChallenge,
  prune,
  TOMBSTONE_MS,
  toStored,
  type MemoryChallenge,
  type MemoryRecord,
} from './memory-record.js';
import type { MemoryRecords } from './memory-records.js';
import { answer, isDevice, laneOf } from './number-data.js';

const ALWAYS = ['always'] as const;
const GONE = { outcome: 'stale', live: false } as const;
const REFUSED = { outcome: 'stale', live: true } as const;
/** How far a message has come; what is final comes last. */
const PROGRESS: Readonly<Record<DeliveryState, number>> = { queued: 0, unknown: 1, sent: 2, delivered: 3, failed: 3 };

export class MemoryChallengeStore implements ChallengeStore {
  constructor(private readonly records: MemoryRecords) {}

  async create(
    { key, id }: ChallengeRef,
    { ttlSeconds, hash, sealed, attempts, sends }: NewChallenge,
    charge: LogCharge,
  ) {
    checkSizes({ id, hash });
    const now = this.records.now();
    const record = this.records.read(key);
    const isOfRecord = charge.key.kind === key.kind && charge.key.index === key.index;
    const log = isOfRecord ? record?.log(charge.log, charge.lane, now) : undefined;
    const entry = log && entryAt(log, charge.at);
    if (!record || !entry || entry.state === 'givenBack' || liveChallenge(record, id, now)) {
      return { outcome: 'lost' } as const;
    }
    const expiresAt = expiry(now, ttlSeconds);
    challengesOf(record).set(nameOf(id), {
      generation: 1,
      hash: Buffer.from(hash),
      sealed: Buffer.from(sealed),
      delivery: 'queued',
      attempts,
      sends,
      expiresAt,
    });
    this.records.written(record, now);
    return { outcome: 'created', expiresAt } as const;
  }

  async find({ key, id }: ChallengeRef) {
    checkSizes({ id });
    const now = this.records.now();
    const challenge = liveChallenge(this.records.read(key), id, now);
    return challenge && { ...toStored(challenge), now };
  }

  async reserveAttempt({ key, id }: ChallengeRef, requests: readonly LimitRequest[]): Promise<Reservation> {
    checkSizes({ id });
    const now = this.records.now();
    const challenge = this.findOrForget({ key, id }, now);
    if (!challenge) {
      return { outcome: 'gone' };
    }
    if (challenge.attempts < 1) {
      return { outcome: 'exhausted' };
    }
    const admission = admit(requests, this.records, now);
    if (admission.outcome !== 'taken') {
      return admission.outcome === 'no_such_lane' ? { outcome: 'gone' } : admission;
    }
    const charged = { ...challenge, attempts: challenge.attempts - 1 };
    this.write({ key, id }, charged, now);
    const { charges, usedUp } = admission;
    return { outcome: 'reserved', challenge: toStored(charged), charges, usedUp };
  }

  async replaceIf({ key, id }: ChallengeRef, generation: number, replacement: Replacement) {
    checkSizes({ id });
    const now = this.records.now();
    const challenge = this.findOrForget({ key, id }, now);
    if (!challenge) {
      const tombstone = this.records.read(key)?.tombstones?.get(nameOf(id));
      return isRepetition(replacement, tombstone, now)
        ? ({ outcome: 'replaced', expiresAt: tombstone?.removedAt ?? now } as const)
        : GONE;
    }
    const isUsedUp = replacement.kind === 'code' && challenge.sends < 1;
    const isBehind = replacement.kind === 'delivery' && !comesAfter(challenge.delivery, replacement.delivery);
    if (challenge.generation !== generation || isUsedUp || isBehind) {
      return REFUSED;
    }
    if (replacement.kind === 'none') {
      if (replacement.answered && this.isOfLostDevice(key, replacement.settle ?? [], now)) {
        return GONE;
      }
      this.remove({ key, id }, replacement, now);
      return { outcome: 'replaced', expiresAt: now } as const;
    }
    const next = replaced(challenge, replacement, now);
    this.write({ key, id }, next, now);
    return { outcome: 'replaced', expiresAt: next.expiresAt } as const;
  }

  async count(key: RecordKey): Promise<number> {
    return countLive(this.records.read(key), this.records.now());
  }

  async clear(key: RecordKey): Promise<number> {
    const now = this.records.now();
    const record = this.records.read(key);
    const count = countLive(record, now);
    if (record?.challenges) {
      record.challenges.clear();
      this.records.amended(record, now);
    }
    return count;
  }

  private isOfLostDevice(key: RecordKey, settled: readonly Charge[], now: number): boolean {
    const number = this.records.read(key)?.number;
    return settled.some(
      (charge) => 'log' in charge && isDevice(charge.lane ?? 'public') && !laneOf(number, charge.lane ?? 'public', now),
    );
  }

  private write({ key, id }: ChallengeRef, challenge: MemoryChallenge, now: number): void {
    const record = this.records.read(key);
    if (record) {
      challengesOf(record).set(nameOf(id), challenge);
      this.records.written(record, now);
    }
  }

  private remove({ key, id }: ChallengeRef, removal: Extract<Replacement, { kind: 'none' }>, now: number): void {
    const { nonce, answered, settle: settled = [], giveBack: returned = [] } = removal;
    const credits = answered ? creditsEarned(this.records, { key, charges: settled, answered }, now) : ALWAYS;
    const record = this.records.read(key);
    record?.challenges?.delete(nameOf(id));
    if (record && nonce) {
      record.tombstones ??= new Map();
      record.tombstones.set(nameOf(id), { nonce: Buffer.from(nonce), removedAt: now });
    }
    settle(this.records, settled, { now, credits });
    giveBack(this.records, returned, now);
    // Last, for it may rename the lane that the charges are of.
    if (record && answered) {
      const lanes = settled.flatMap((charge) => ('log' in charge ? [charge.lane ?? ('public' as const)] : []));
      answer(record.numberToWrite(), { answered, lanes }, now);
    }
    if (record) {
      this.records.amended(record, now);
    }
  }

  /** Once seen to be over, a challenge stays over, even if the clock is set back. */
  private findOrForget({ key, id }: ChallengeRef, now: number): MemoryChallenge | undefined {
    const record = this.records.read(key);
    const challenge = liveChallenge(record, id, now);
    if (record && !challenge) {
      prune(record, now);
    }
    return challenge;
  }
}

function countLive(record: MemoryRecord | undefined, now: number): number {
  return [...(record?.challenges?.values() ?? [])].filter(({ expiresAt }) => now < expiresAt).length;
}

function replaced(
  challenge: MemoryChallenge,
  replacement: Exclude<Replacement, { kind: 'none' }>,
  now: number,
): MemoryChallenge {
  if (replacement.kind === 'delivery') {
    return { ...challenge, delivery: replacement.delivery };
  }
  const { hash, sealed, ttlSeconds } = replacement.code;
  checkSizes({ hash });
  return {
    generation: challenge.generation + 1,
    hash: Buffer.from(hash),
    sealed: Buffer.from(sealed),
    delivery: 'queued',
    attempts: challenge.attempts,
    sends: challenge.sends - 1,
    expiresAt: expiry(now, ttlSeconds),
  };
}

function comesAfter(present: DeliveryState, next: DeliveryState): boolean {
  return PROGRESS[next] > PROGRESS[present];
}

function challengesOf(record: MemoryRecord): Map<string, MemoryChallenge> {
  return (record.challenges ??= new Map<string, MemoryChallenge>());
}

function isRepetition(
  replacement: Replacement,
  tombstone: { readonly nonce: Buffer; readonly removedAt: number } | undefined,
  now: number,
): boolean {
  return (
    replacement.kind === 'none' &&
    replacement.nonce !== undefined &&
    tombstone !== undefined &&
    now < tombstone.removedAt + TOMBSTONE_MS &&
    tombstone.nonce.equals(replacement.nonce)
  );
}

function expiry(now: number, ttlSeconds: number): number {
  return now + Math.round(ttlSeconds * 1000);
}

function nameOf(id: Buffer): string {
  return id.toString('hex');
}
