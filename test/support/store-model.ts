import type {
  ChallengeRef,
  Charge,
  DeliveryState,
  LogCharge,
  LogRequest,
  NewChallenge,
  OtpStore,
  Replacement,
} from '../../libs/otp/src/stores/otp-store.js';
import { LimitModel } from './limit-model.js';

/** One call of a store, as data. */
export type StoreCall =
  | { readonly do: 'take'; readonly requests: readonly LogRequest[] }
  | { readonly do: 'giveBack' | 'settle'; readonly charges: readonly LogCharge[] }
  | { readonly do: 'create'; readonly ref: ChallengeRef; readonly challenge: NewChallenge; readonly charge: LogCharge }
  | { readonly do: 'find'; readonly ref: ChallengeRef }
  | { readonly do: 'reserve'; readonly ref: ChallengeRef; readonly requests: readonly LogRequest[] }
  | {
      readonly do: 'replace';
      readonly ref: ChallengeRef;
      readonly generation: number;
      readonly replacement: Replacement;
    }
  | { readonly do: 'count' | 'clear'; readonly ref: ChallengeRef }
  | { readonly do: 'put' | 'putIfAbsent'; readonly key: string; readonly value: string; readonly ttlSeconds: number }
  | { readonly do: 'get' | 'delete'; readonly key: string };

interface ModelChallenge {
  readonly generation: number;
  readonly hash: Buffer;
  readonly sealed: Buffer;
  readonly delivery: DeliveryState;
  readonly attemptsRemaining: number;
  readonly sendsRemaining: number;
  readonly expiresAt: number;
}

const TOMBSTONE_MS = 30_000;
const PROGRESS: readonly (readonly DeliveryState[])[] = [['queued'], ['unknown'], ['sent'], ['delivered', 'failed']];
const GONE = { outcome: 'stale', live: false } as const;
const REFUSED = { outcome: 'stale', live: true } as const;

/** Asks the store, and leaves of its answer what the model tells as well. */
export async function callStore({ challenges, limits, marks }: OtpStore, call: StoreCall): Promise<unknown> {
  switch (call.do) {
    case 'take':
      return limitAnswer(await limits.take(call.requests));
    case 'giveBack':
    case 'settle':
      return limits[call.do](call.charges);
    case 'create':
      return challenges.create(call.ref, call.challenge, call.charge);
    case 'find':
      return challenges.find(call.ref);
    case 'reserve': {
      const answer = await challenges.reserveAttempt(call.ref, call.requests);
      return answer.outcome === 'reserved' || answer.outcome === 'refused' ? limitAnswer(answer) : answer;
    }
    case 'replace':
      return challenges.replaceIf(call.ref, call.generation, call.replacement);
    case 'count':
    case 'clear':
      return challenges[call.do](call.ref.key);
    case 'put':
    case 'putIfAbsent':
      return marks[call.do](call.key, call.value, call.ttlSeconds);
    case 'get':
    case 'delete':
      return marks[call.do](call.key);
  }
}

function limitAnswer(answer: {
  readonly outcome: string;
  readonly retryAfterMs?: number;
  readonly charges?: readonly Charge[];
  readonly challenge?: unknown;
}): unknown {
  const { outcome, retryAfterMs, charges, challenge } = answer;
  return outcome === 'refused' ? { outcome, retryAfterMs } : { outcome, charges, challenge };
}

/** What a store means, said once more and as plainly as possible: challenges, their number's logs, and marks. */
export class StoreModel {
  private readonly challenges = new Map<string, ModelChallenge>();
  private readonly tombstones = new Map<string, { readonly nonce: Buffer; readonly until: number }>();
  private readonly marks = new Map<string, { readonly value: string; readonly until: number }>();

  constructor(private readonly limits = new LimitModel()) {}

  /** One to try something on. */
  clone(): StoreModel {
    const copy = new StoreModel(this.limits.clone());
    this.challenges.forEach((value, key) => copy.challenges.set(key, value));
    this.tombstones.forEach((value, key) => copy.tombstones.set(key, value));
    this.marks.forEach((value, key) => copy.marks.set(key, value));
    return copy;
  }

  call(call: StoreCall, now: number): unknown {
    switch (call.do) {
      case 'take':
        return this.take(call.requests, now);
      case 'giveBack':
      case 'settle':
        call.charges.forEach((charge) => this.limits[call.do](charge));
        return undefined;
      case 'create':
        return this.create(call, now);
      case 'find': {
        const found = this.live(call.ref, now);
        return found && { ...found, now };
      }
      case 'reserve':
        return this.reserve(call, now);
      case 'replace':
        return this.replace(call, now);
      case 'count':
        return this.ofNumber(call.ref, now).length;
      case 'clear': {
        const cleared = this.ofNumber(call.ref, now);
        cleared.forEach((name) => this.challenges.delete(name));
        return cleared.length;
      }
      case 'put':
      case 'putIfAbsent':
        return this.write(call, now);
      case 'get':
        return this.mark(call.key, now);
      case 'delete':
        this.marks.delete(call.key);
        return undefined;
    }
  }

  private take(requests: readonly LogRequest[], now: number) {
    const answer = this.limits.take(requests, now);
    return answer.outcome === 'refused'
      ? answer
      : { outcome: answer.outcome, charges: answer.charges, challenge: undefined };
  }

  private create({ ref, challenge }: Extract<StoreCall, { do: 'create' }>, now: number) {
    if (this.live(ref, now) !== undefined) {
      return { outcome: 'lost' };
    }
    const { hash, sealed, attempts, sends, ttlSeconds } = challenge;
    const expiresAt = now + ttlSeconds * 1000;
    const counts = { attemptsRemaining: attempts, sendsRemaining: sends };
    this.challenges.set(nameOf(ref), { generation: 1, hash, sealed, delivery: 'queued', ...counts, expiresAt });
    return { outcome: 'created', expiresAt };
  }

  private reserve({ ref, requests }: Extract<StoreCall, { do: 'reserve' }>, now: number) {
    const found = this.live(ref, now);
    if (found === undefined || found.attemptsRemaining < 1) {
      return { outcome: found === undefined ? 'gone' : 'exhausted' };
    }
    const answer = this.take(requests, now);
    if (answer.outcome === 'refused') {
      return answer;
    }
    const challenge = { ...found, attemptsRemaining: found.attemptsRemaining - 1 };
    this.challenges.set(nameOf(ref), challenge);
    return { ...answer, outcome: 'reserved', challenge };
  }

  private replace({ ref, generation, replacement }: Extract<StoreCall, { do: 'replace' }>, now: number) {
    const found = this.live(ref, now);
    if (found === undefined) {
      return this.repeat(ref, replacement, now);
    }
    if (found.generation !== generation) {
      return REFUSED;
    }
    switch (replacement.kind) {
      case 'none':
        this.remove(ref, replacement, now);
        return { outcome: 'replaced', expiresAt: now };
      case 'delivery': {
        const isFurther = stepOf(replacement.delivery) > stepOf(found.delivery);
        return isFurther ? this.put(ref, { ...found, delivery: replacement.delivery }) : REFUSED;
      }
      case 'code': {
        const { hash, sealed, ttlSeconds } = replacement.code;
        const next = { ...found, hash, sealed, delivery: 'queued', generation: generation + 1 } as const;
        const sendsRemaining = found.sendsRemaining - 1;
        return sendsRemaining < 0
          ? REFUSED
          : this.put(ref, { ...next, sendsRemaining, expiresAt: now + ttlSeconds * 1000 });
      }
    }
  }

  private put(ref: ChallengeRef, challenge: ModelChallenge) {
    this.challenges.set(nameOf(ref), challenge);
    return { outcome: 'replaced', expiresAt: challenge.expiresAt };
  }

  private remove(ref: ChallengeRef, replacement: Extract<Replacement, { kind: 'none' }>, now: number): void {
    const { nonce, settle = [], giveBack = [] } = replacement;
    this.challenges.delete(nameOf(ref));
    if (nonce !== undefined) {
      this.tombstones.set(nameOf(ref), { nonce, until: now + TOMBSTONE_MS });
    }
    settle.forEach((charge) => 'log' in charge && this.limits.settle(charge));
    giveBack.forEach((charge) => 'log' in charge && this.limits.giveBack(charge));
  }

  /** The same removal asked for again is told that it was made. */
  private repeat(ref: ChallengeRef, replacement: Replacement, now: number) {
    const tombstone = this.tombstones.get(nameOf(ref));
    const nonce = replacement.kind === 'none' ? replacement.nonce : undefined;
    return tombstone !== undefined && nonce !== undefined && now < tombstone.until && tombstone.nonce.equals(nonce)
      ? { outcome: 'replaced', expiresAt: tombstone.until - TOMBSTONE_MS }
      : GONE;
  }

  private write({ do: kind, key, value, ttlSeconds }: Extract<StoreCall, { value: string }>, now: number) {
    const before = this.mark(key, now);
    if (kind === 'put' || before === undefined) {
      this.marks.set(key, { value, until: now + ttlSeconds * 1000 });
    }
    return kind === 'put' ? undefined : before;
  }

  private mark(key: string, now: number): string | undefined {
    const mark = this.marks.get(key);
    return mark !== undefined && now < mark.until ? mark.value : undefined;
  }

  private live(ref: ChallengeRef, now: number): ModelChallenge | undefined {
    const found = this.challenges.get(nameOf(ref));
    return found !== undefined && now < found.expiresAt ? found : undefined;
  }

  private ofNumber({ key }: ChallengeRef, now: number): readonly string[] {
    return [...this.challenges]
      .filter(([name, { expiresAt }]) => name.startsWith(key.index) && now < expiresAt)
      .map(([name]) => name);
  }
}

function nameOf({ key, id }: ChallengeRef): string {
  return `${key.index} ${id.toString('hex')}`;
}

function stepOf(delivery: DeliveryState): number {
  return PROGRESS.findIndex((states) => states.includes(delivery));
}
