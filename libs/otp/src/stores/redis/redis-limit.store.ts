import type { Clock } from '../../telemetry/clock.js';
import type {
  Charge,
  Clearable,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LogRequest,
  NoSuchLane,
  NumberState,
  RecordKey,
} from '../otp-store.js';
import type { RedisConnection, ScriptRunner } from './redis-connection.js';
import { timeOverride } from './redis-time.js';
import { packAmendments, type Amendments } from './script-amendments.js';
import { readCharges, readRefusal, readUsedUp } from './script-decision.js';
import { ScriptReply } from './script-reply.js';
import { packRequests, ScriptKeys } from './script-requests.js';
import { scripts, type LuaScript } from './scripts.generated.js';

const YES = 1;
/** What take.lua answers first. */
const TAKEN = 1;
const NO_SUCH_LANE = 2;
const ALL_LOGS: readonly Clearable[] = ['sends', 'wrongCodes'];

export interface RedisStoreParts {
  readonly connection: RedisConnection;
  /** Runs what must not be lost once it was answered: what changes a live challenge, and what is done only once. */
  readonly lasting: ScriptRunner;
  readonly namespace: string;
  readonly clock: Clock | undefined;
}

export class RedisLimitStore implements LimitStore {
  constructor(private readonly parts: RedisStoreParts) {}

  async take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal | NoSuchLane> {
    const reply = await this.ask(scripts.take, requests);
    switch (reply.integer()) {
      case TAKEN:
        return readTaken(requests, reply);
      case NO_SUCH_LANE:
        return { outcome: 'no_such_lane' };
      default:
        return readRefusal(requests, reply);
    }
  }

  async count(requests: readonly LogRequest[]): Promise<LimitsCounted> {
    const reply = await this.ask(scripts.count, requests);
    const now = reply.integer();
    const uses = requests.map(({ log, windows }) => {
      const cooldownEndsAt = reply.integer();
      const used = windows.map((window) => ({ ...window, used: reply.integer(), admitsAt: reply.integer() }));
      return { log, windows: used, cooldownEndsAt };
    });
    return { uses, now };
  }

  async numberState(key: RecordKey): Promise<NumberState> {
    const keys = this.keysOf(key);
    const reply = ScriptReply.from(await this.evaluate(scripts.numberState, keys, []));
    const answeredAt = reply.integer();
    const state = { passesUsed: reply.integer(), failures: reply.integer(), devices: reply.integer() };
    return answeredAt === 0 ? state : { answeredAt, ...state };
  }

  giveBack(charges: readonly Charge[]): Promise<void> {
    return this.amend({ giveBack: charges });
  }

  settle(charges: readonly Charge[]): Promise<void> {
    return this.amend({ settle: charges });
  }

  async clear(key: RecordKey, what: readonly Clearable[] = ALL_LOGS): Promise<void> {
    await this.evaluate(scripts.clear, this.keysOf(key), what);
  }

  /** Never repeated after a lost reply: a tally would count it twice. */
  async amend(amendments: Amendments): Promise<void> {
    const keys = this.keysOf();
    const packed = packAmendments(keys, amendments);
    if (keys.names.length > 0) {
      await this.evaluate(scripts.amend, keys, [packed]);
    }
  }

  private async ask(script: LuaScript, requests: readonly LimitRequest[]): Promise<ScriptReply> {
    const keys = this.keysOf();
    return ScriptReply.from(await this.evaluate(script, keys, packRequests(keys, requests)));
  }

  private evaluate(script: LuaScript, keys: ScriptKeys, args: readonly string[]): Promise<unknown> {
    const { connection, clock } = this.parts;
    return connection.evaluate({ script, keys: keys.names, args: [timeOverride(clock), ...args] });
  }

  private keysOf(...records: readonly RecordKey[]): ScriptKeys {
    const keys = new ScriptKeys(this.parts.namespace);
    records.forEach((record) => keys.positionOf(record));
    return keys;
  }
}

/** See lua/take.lua. */
function readTaken(requests: readonly LimitRequest[], reply: ScriptReply): LimitsTaken {
  const now = reply.integer();
  const nextAt = reply.integer();
  const known = reply.integer() === YES;
  const usedUp = readUsedUp(requests, reply.list());
  return { outcome: 'taken', charges: readCharges(requests, known, reply.integers()), nextAt, now, known, usedUp };
}
