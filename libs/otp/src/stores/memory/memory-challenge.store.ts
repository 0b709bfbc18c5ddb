import type {
  ChallengeRef,
  ChallengeStore,
  Charge,
  LimitRequest,
  NewChallenge,
  RecordKey,
  Replacement,
  Reservation,
} from '../otp-store.js';
import { checkSizes } from '../store-checks.js';
import { admit } from './admission.js';
import { giveBack, settle } from './memory-limit.store.js';
import {
  liveChallenge,
  prune,
  TOMBSTONE_MS,
  toStored,
  type MemoryChallenge,
  type MemoryRecord,
} from './memory-record.js';
import type { MemoryRecords } from './memory-records.js';

const GONE = { outcome: 'stale', live: false } as const;
const OTHER_GENERATION = { outcome: 'stale', live: true } as const;

export class MemoryChallengeStore implements ChallengeStore {
  constructor(private readonly records: MemoryRecords) {}

  async create({ key, id }: ChallengeRef, { ttlSeconds, hash, sealed, attempts, sends }: NewChallenge, charge: Charge) {
    checkSizes({ id, hash });
    const now = this.records.now();
    const changes = this.records.begin();
    const record = changes.draft(key);
    const isOfRecord = charge.key.kind === key.kind && charge.key.index === key.index;
    const isCounted =
      isOfRecord && record.logs[charge.log].entries.some(({ at, state }) => at === charge.at && state !== 'givenBack');
    if (!isCounted || liveChallenge(record, id, now)) {
      return { outcome: 'lost' } as const;
    }
    const expiresAt = expiry(now, ttlSeconds);
    record.challenges.set(nameOf(id), {
      generation: 1,
      hash: Buffer.from(hash),
      sealed: Buffer.from(sealed),
      delivery: 'queued',
      attempts,
      sends,
      expiresAt,
    });
    changes.commit(now);
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
    const changes = this.records.begin();
    const admission = admit(requests, changes, now);
    if (admission.outcome === 'refused') {
      return admission;
    }
    const charged = { ...challenge, attempts: challenge.attempts - 1 };
    changes.draft(key).challenges.set(nameOf(id), charged);
    changes.commit(now);
    return { outcome: 'reserved', challenge: toStored(charged), charges: admission.charges };
  }

  async replaceIf({ key, id }: ChallengeRef, generation: number, replacement: Replacement) {
    checkSizes({ id });
    const now = this.records.now();
    const challenge = this.findOrForget({ key, id }, now);
    if (!challenge) {
      const tombstone = this.records.read(key)?.tombstones.get(nameOf(id));
      return isRepetition(replacement, tombstone, now)
        ? ({ outcome: 'replaced', expiresAt: tombstone?.removedAt ?? now } as const)
        : GONE;
    }
    const isUsedUp = replacement.kind === 'code' && challenge.sends < 1;
    if (challenge.generation !== generation || isUsedUp) {
      return OTHER_GENERATION;
    }
    const changes = this.records.begin();
    const record = changes.draft(key);
    if (replacement.kind === 'none') {
      remove(record, { id, nonce: replacement.nonce, now });
      settle(changes, replacement.settle ?? []);
      giveBack(changes, replacement.giveBack ?? []);
      changes.commit(now);
      return { outcome: 'replaced', expiresAt: now } as const;
    }
    const next = replaced(challenge, replacement, now);
    record.challenges.set(nameOf(id), next);
    changes.commit(now);
    return { outcome: 'replaced', expiresAt: next.expiresAt } as const;
  }

  async count(key: RecordKey): Promise<number> {
    return countLive(this.records.read(key), this.records.now());
  }

  async clear(key: RecordKey): Promise<number> {
    const now = this.records.now();
    const changes = this.records.begin();
    const record = changes.draft(key);
    const count = countLive(record, now);
    record.challenges.clear();
    changes.commit(now);
    return count;
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
  return [...(record?.challenges.values() ?? [])].filter(({ expiresAt }) => now < expiresAt).length;
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

function remove(
  record: MemoryRecord,
  { id, nonce, now }: { id: Buffer; nonce: Buffer | undefined; now: number },
): void {
  record.challenges.delete(nameOf(id));
  if (nonce) {
    record.tombstones.set(nameOf(id), { nonce: Buffer.from(nonce), removedAt: now });
  }
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
