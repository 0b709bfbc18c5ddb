import type { Clock } from '../../telemetry/clock.js';
import type {
  Charge,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LogName,
  RecordKey,
} from '../otp-store.js';
import type { RedisConnection } from './redis-connection.js';
import {
  LOG_POSITIONS,
  packAmendments,
  packRequests,
  readCharges,
  readRefusal,
  ScriptKeys,
  timeOverride,
  type Amendments,
} from './script-arguments.js';
import { ScriptReply } from './script-reply.js';
import { scripts } from './scripts.generated.js';

const TAKEN = 1;
const ALL_LOGS: readonly LogName[] = ['sends', 'wrongCodes'];

export interface RedisStoreParts {
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly clock: Clock | undefined;
}

export class RedisLimitStore implements LimitStore {
  constructor(private readonly parts: RedisStoreParts) {}

  async take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal> {
    const { connection, namespace, clock } = this.parts;
    const keys = new ScriptKeys(namespace);
    const args = [timeOverride(clock), packRequests(keys, requests)];
    const reply = ScriptReply.from(await connection.evaluate({ script: scripts.take, keys: keys.names, args }));
    if (reply.integer() !== TAKEN) {
      return readRefusal(requests, reply);
    }
    const now = reply.integer();
    const nextAt = reply.integer();
    return { outcome: 'taken', charges: readCharges(requests, reply.integers()), nextAt, now };
  }

  async count(requests: readonly LimitRequest[]): Promise<LimitsCounted> {
    const { connection, namespace, clock } = this.parts;
    const keys = new ScriptKeys(namespace);
    const args = [timeOverride(clock), packRequests(keys, requests)];
    const reply = ScriptReply.from(await connection.evaluate({ script: scripts.count, keys: keys.names, args }));
    const now = reply.integer();
    const uses = requests.map(({ log, windows }) => {
      const cooldownEndsAt = reply.integer();
      const used = windows.map((window) => ({ ...window, used: reply.integer(), admitsAt: reply.integer() }));
      return { log, windows: used, cooldownEndsAt };
    });
    return { uses, now };
  }

  giveBack(charges: readonly Charge[]): Promise<void> {
    return this.amend({ giveBack: charges });
  }

  settle(charges: readonly Charge[]): Promise<void> {
    return this.amend({ settle: charges });
  }

  async clear(key: RecordKey, logs: readonly LogName[] = ALL_LOGS): Promise<void> {
    const { connection, namespace, clock } = this.parts;
    const keys = new ScriptKeys(namespace);
    keys.positionOf(key);
    const args = [timeOverride(clock), ...logs.map((log) => LOG_POSITIONS[log])];
    await connection.evaluate({ script: scripts.clear, keys: keys.names, args });
  }

  async amend(amendments: Amendments): Promise<void> {
    const { connection, namespace, clock } = this.parts;
    const keys = new ScriptKeys(namespace);
    const args = [timeOverride(clock), packAmendments(keys, amendments)];
    if (keys.names.length > 0) {
      await connection.evaluate({ script: scripts.amend, keys: keys.names, args });
    }
  }
}
