import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import type { ChallengeRef, LogCharge, LogRequest, Replacement } from '../../../libs/otp/src/stores/otp-store.js';
import type { StoreCall } from '../../support/store-model.js';

const NUMBERS = 2;
const SLOTS = 3;
const NAMES = 3;
const TTL_SECONDS = 300;
/** Half a minute from any time that passes, so that a server's clock that goes on meanwhile makes no difference. */
const MARK_SECONDS = [90, 210];

/** What is done next; which challenge, charge or mark is meant is found when it is done. */
export type Step =
  | { readonly do: 'pass'; readonly minutes: number }
  | { readonly do: 'issue'; readonly slot: number }
  | { readonly do: 'find' | 'reserve' | 'count' | 'clear' | 'ask' | 'send'; readonly slot: number }
  | { readonly do: 'giveBack' | 'settle'; readonly charge: number }
  | { readonly do: 'resend'; readonly slot: number; readonly generation: number }
  | {
      readonly do: 'consume';
      readonly slot: number;
      readonly generation: number;
      readonly nonce: number;
      readonly isAnswer: boolean;
    }
  | {
      readonly do: 'deliver';
      readonly slot: number;
      readonly generation: number;
      readonly delivery: 'sent' | 'delivered' | 'failed' | 'unknown';
    }
  | {
      readonly do: 'put' | 'putIfAbsent' | 'get' | 'delete';
      readonly name: number;
      readonly value: string;
      readonly ttlSeconds: number;
    };

const slot = fc.nat(SLOTS - 1);
const generation = fc.oneof(
  { weight: 4, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.constant(2) },
  { weight: 1, arbitrary: fc.nat(4) },
);

const onChallenge = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reserve' as const), slot }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('consume' as const),
      slot,
      generation,
      nonce: fc.nat(2),
      isAnswer: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resend' as const), slot, generation }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('deliver' as const),
      slot,
      generation,
      delivery: fc.constantFrom('sent' as const, 'delivered' as const, 'failed' as const, 'unknown' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('find' as const, 'count' as const, 'clear' as const), slot }),
  },
);

const onLimits = fc.oneof(
  fc.record({ do: fc.constantFrom('send' as const, 'ask' as const), slot }),
  fc.record({ do: fc.constantFrom('giveBack' as const, 'settle' as const), charge: fc.nat(20) }),
);

const onMarks = fc.record({
  do: fc.constantFrom(
    'put' as const,
    'putIfAbsent' as const,
    'putIfAbsent' as const,
    'get' as const,
    'delete' as const,
  ),
  name: fc.nat(NAMES - 1),
  value: fc.constantFrom('', 'one', 'é\0\r\n', '{"a":1}'),
  ttlSeconds: fc.constantFrom(...MARK_SECONDS),
});

/** What may happen at the same moment. */
export const burst: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: onChallenge },
    { weight: 2, arbitrary: onLimits },
    { weight: 2, arbitrary: onMarks },
  ),
  { minLength: 2, maxLength: 5 },
);

/** What happens one after the other. */
export function sequence(maxLength: number): fc.Arbitrary<readonly Step[]> {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('issue' as const), slot }) },
    { weight: 8, arbitrary: onChallenge },
    { weight: 3, arbitrary: onLimits },
    { weight: 3, arbitrary: onMarks },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.constantFrom(1, 1, 2, 4, 61, 1441) }),
    },
  );
  return fc.array(step, { maxLength, size: 'max' });
}

/** Names and charges of one run; no two runs share any. */
export class Cast {
  readonly charges: LogCharge[] = [];
  private readonly sends = new Map<number, LogCharge>();
  private readonly indexes = Array.from({ length: NUMBERS }, () => randomBytes(12).toString('base64url'));
  private readonly ids = Array.from({ length: SLOTS }, () => randomBytes(16));
  private readonly prefix = randomBytes(8).toString('hex');

  readonly markNames = Array.from({ length: NAMES }, (_, name) => `${this.prefix} ${name}`);

  get refs(): readonly ChallengeRef[] {
    return this.ids.map((_, index) => this.refOf(index));
  }

  /** Another challenge for a slot: no id is used for two, one after the other. */
  renew(of: number): void {
    this.ids[of] = randomBytes(16);
  }

  /** The calls that a step is, but for the one that needs the charge of another. */
  callOf(step: Exclude<Step, { do: 'pass' | 'issue' }>): StoreCall {
    switch (step.do) {
      case 'send':
      case 'ask':
        return { do: 'take', requests: this.sendRequests(step.slot, step.do === 'send') };
      case 'giveBack':
      case 'settle': {
        const charge = this.charges[step.charge % Math.max(this.charges.length, 1)];
        return { do: step.do, charges: charge === undefined ? [] : [charge] };
      }
      case 'reserve':
        return { do: 'reserve', ref: this.refOf(step.slot), requests: [this.wrongCodes(step.slot)] };
      case 'find':
      case 'count':
      case 'clear':
        return { do: step.do, ref: this.refOf(step.slot) };
      case 'resend':
      case 'consume':
      case 'deliver':
        return {
          do: 'replace',
          ref: this.refOf(step.slot),
          generation: step.generation,
          replacement: this.replacementOf(step),
        };
      case 'put':
      case 'putIfAbsent': {
        const { name, value, ttlSeconds } = step;
        return { do: step.do, key: this.markNames[name] ?? '', value, ttlSeconds };
      }
      case 'get':
      case 'delete':
        return { do: step.do, key: this.markNames[step.name] ?? '' };
    }
  }

  sendRequests(of: number, take: boolean): readonly LogRequest[] {
    const { key } = this.refOf(of);
    const windows = [
      { name: 'hour', limit: 4, windowSeconds: 3600 },
      { name: 'unanswered', limit: 3, windowSeconds: 7200, counts: 'unanswered' as const },
    ];
    const cooldown = { name: 'cooldown', stepsSeconds: [10, 20, 70], windowSeconds: 3600 };
    return [
      { key, log: 'sends', windows, cooldown, take },
      { ...this.wrongCodes(of), take: false },
    ];
  }

  createCall(of: number, charge: LogCharge): StoreCall {
    this.sends.set(of, charge);
    const fresh = { hash: randomBytes(48), sealed: randomBytes(40) };
    return {
      do: 'create',
      ref: this.refOf(of),
      challenge: { ...fresh, ttlSeconds: TTL_SECONDS, attempts: 3, sends: 2 },
      charge,
    };
  }

  private wrongCodes(of: number): LogRequest {
    const windows = [{ name: 'lock', limit: 5, windowSeconds: 7200 }];
    return { key: this.refOf(of).key, log: 'wrongCodes', windows, take: true };
  }

  private replacementOf(step: Extract<Step, { generation: number }>): Replacement {
    if (step.do === 'deliver') {
      return { kind: 'delivery', delivery: step.delivery };
    }
    if (step.do === 'resend') {
      return { kind: 'code', code: { hash: randomBytes(48), sealed: randomBytes(40), ttlSeconds: TTL_SECONDS } };
    }
    const send = this.sends.get(step.slot);
    return {
      kind: 'none',
      ...(step.nonce === 0 ? {} : { nonce: Buffer.alloc(8, step.nonce) }),
      ...(step.isAnswer && send !== undefined ? { settle: [send], answered: { knownSeconds: 86_400 } } : {}),
    };
  }

  private refOf(of: number): ChallengeRef {
    return {
      key: { kind: 'number', index: this.indexes[of % NUMBERS] ?? '' },
      id: this.ids[of % SLOTS] ?? Buffer.alloc(16),
    };
  }
}
