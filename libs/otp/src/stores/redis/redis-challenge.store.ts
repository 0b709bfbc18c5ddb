import type {
  ChallengeRef,
  ChallengeStore,
  DeliveryState,
  LimitRequest,
  LogCharge,
  NewChallenge,
  RecordKey,
  Replacement,
  Reservation,
  StoredChallenge,
} from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import { checkSizes } from '../store-checks.js';
import type { RedisStoreParts } from './redis-limit.store.js';
import { timeOverride } from './redis-time.js';
import { firstCreditRequest, packAmendments, packAnswered, packFirstCredit } from './script-amendments.js';
import { readCharges, readRefusal, readUsedUp } from './script-decision.js';
import { ScriptReply } from './script-reply.js';
import { packLane, packRequests, POSITIONS, ScriptKeys, toMs } from './script-requests.js';
import { scripts, type LuaScript } from './scripts.generated.js';

/** Stored as the position in this list: append only. */
const DELIVERY_STATES: readonly DeliveryState[] = ['queued', 'sent', 'delivered', 'failed', 'unknown'];

const YES = 1;
/** What reserve_attempt.lua answers first. */
const RESERVED = 1;
const GONE = 2;
const EXHAUSTED = 3;

/** What a number's record decided of `replaceIf`. */
export type Replaced =
  | {
      readonly outcome: 'replaced';
      readonly expiresAt: number;
      /** Which credits are earned; nothing when an earlier call did it, whose answer was lost. */
      readonly earned?: { readonly daily: boolean; readonly first: boolean };
    }
  | { readonly outcome: 'stale'; readonly live: boolean };

export class RedisChallengeStore implements ChallengeStore {
  constructor(private readonly parts: RedisStoreParts) {}

  async create(
    { key, id }: ChallengeRef,
    { hash, sealed, ttlSeconds, attempts, sends }: NewChallenge,
    charge: LogCharge,
  ) {
    checkSizes({ id, hash });
    const keys = this.keysOf(key);
    // A send of another record says nothing about this one.
    if (keys.positionOf(charge.key) !== 1) {
      return { outcome: 'lost' } as const;
    }
    const blob = Buffer.concat([id, hash, sealed]);
    const send = [POSITIONS.log[charge.log], charge.at, `[${packLane(charge.lane)}]`];
    const args = [this.time(), blob, toMs(ttlSeconds), attempts, sends, ...send];
    const reply = await this.evaluate({ script: scripts.create, keys: keys.names, args });
    return reply.integer() === YES
      ? ({ outcome: 'created', expiresAt: reply.integer() } as const)
      : ({ outcome: 'lost' } as const);
  }

  async find({ key, id }: ChallengeRef) {
    checkSizes({ id });
    const reply = await this.evaluate({ script: scripts.find, keys: this.keysOf(key).names, args: [this.time(), id] });
    if (reply.integer() !== YES) {
      return undefined;
    }
    const now = reply.integer();
    return { now, ...readChallenge(reply) };
  }

  async reserveAttempt({ key, id }: ChallengeRef, requests: readonly LimitRequest[]): Promise<Reservation> {
    checkSizes({ id });
    const keys = this.keysOf(key);
    const args = [this.time(), id, ...packRequests(keys, requests)];
    const call = { script: scripts.reserveAttempt, keys: keys.names, args };
    const reply = ScriptReply.from(await this.parts.lasting.evaluate(call));
    switch (reply.integer()) {
      case RESERVED: {
        const known = reply.integer() === YES;
        const charges = readCharges(requests, known, reply.list().integers());
        const usedUp = readUsedUp(requests, reply.list());
        return { outcome: 'reserved', challenge: readChallenge(reply), charges, usedUp };
      }
      case GONE:
        return { outcome: 'gone' };
      case EXHAUSTED:
        return { outcome: 'exhausted' };
      default:
        return readRefusal(requests, reply);
    }
  }

  async replaceIf(ref: ChallengeRef, generation: number, replacement: Replacement) {
    const replaced = await this.replace(ref, generation, replacement);
    return replaced.outcome === 'replaced'
      ? ({ outcome: 'replaced', expiresAt: replaced.expiresAt } as const)
      : replaced;
  }

  /** As `replaceIf`, and tells which credits are earned. */
  async replace({ key, id }: ChallengeRef, generation: number, replacement: Replacement): Promise<Replaced> {
    checkSizes({ id });
    const keys = this.keysOf(key);
    const args = [this.time(), id, generation, replacement.kind, ...packReplacement(keys, replacement)];
    // Repeated without a nonce, what this call itself had done would look like somebody else's doing.
    const repeatable = replacement.kind === 'none' && replacement.nonce !== undefined;
    const runner = replacement.kind === 'delivery' ? this.parts.connection : this.parts.lasting;
    const call = { script: scripts.replaceIf, keys: keys.names, args, repeatable };
    const reply = ScriptReply.from(await runner.evaluate(call));
    if (reply.integer() !== YES) {
      return { outcome: 'stale', live: reply.integer() === YES };
    }
    const expiresAt = reply.integer();
    const isDone = replacement.kind === 'none' && reply.integer() === YES;
    return isDone
      ? { outcome: 'replaced', expiresAt, earned: { daily: reply.integer() === YES, first: reply.integer() === YES } }
      : { outcome: 'replaced', expiresAt };
  }

  count(key: RecordKey): Promise<number> {
    return this.countWith(scripts.countChallenges, key);
  }

  clear(key: RecordKey): Promise<number> {
    return this.countWith(scripts.clearChallenges, key);
  }

  private async countWith(script: LuaScript, key: RecordKey): Promise<number> {
    const { connection } = this.parts;
    const count = await connection.evaluate({ script, keys: this.keysOf(key).names, args: [this.time()] });
    return ScriptReply.from([count]).integer();
  }

  private async evaluate(call: Parameters<RedisStoreParts['connection']['evaluate']>[0]): Promise<ScriptReply> {
    return ScriptReply.from(await this.parts.connection.evaluate(call));
  }

  private keysOf(key: ChallengeRef['key']): ScriptKeys {
    const keys = new ScriptKeys(this.parts.namespace);
    keys.positionOf(key);
    return keys;
  }

  private time(): string {
    return timeOverride(this.parts.clock);
  }
}

/** See lua/replace_if.lua. */
function packReplacement(keys: ScriptKeys, replacement: Replacement): (string | number | Buffer)[] {
  switch (replacement.kind) {
    case 'code': {
      const { hash, sealed, ttlSeconds } = replacement.code;
      checkSizes({ hash });
      return [Buffer.concat([hash, sealed]), toMs(ttlSeconds)];
    }
    case 'delivery':
      return [DELIVERY_STATES.indexOf(replacement.delivery)];
    case 'none':
      return [
        replacement.nonce ?? '',
        packAmendments(keys, replacement),
        packAnswered(replacement.answered),
        packFirstCredit(keys, firstCreditRequest(replacement.answered, replacement.settle)),
      ];
  }
}

/** What `describe` in lua/shared/record.lua answers. */
function readChallenge(reply: ScriptReply): StoredChallenge {
  const hash = reply.bytes();
  const sealed = reply.bytes();
  const generation = reply.integer();
  const delivery = DELIVERY_STATES[reply.integer()];
  if (delivery === undefined) {
    throw new StoreUnavailableError('Redis answered a delivery state that this version does not know');
  }
  return {
    hash,
    sealed,
    generation,
    delivery,
    attemptsRemaining: reply.integer(),
    sendsRemaining: reply.integer(),
    expiresAt: reply.integer(),
  };
}
