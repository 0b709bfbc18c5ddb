import type { Clock } from '../../telemetry/clock.js';
import type { Charge, LimitRefusal, LimitRequest, LogName, RecordKey } from '../otp-store.js';
import { StoreUnavailableError } from '../otp-store.js';
import { recordKey } from './keys.js';
import type { ScriptReply } from './script-reply.js';

/** Positions in `LOGS` of lua/shared/record.lua. */
export const LOG_POSITIONS: Readonly<Record<LogName, number>> = { sends: 1, wrongCodes: 2 };

/** The server's own clock, but for tests. */
export function timeOverride(clock: Clock | undefined): string {
  return clock ? String(Math.floor(clock.now())) : '';
}

/** Collects the keys of a script, each once: a record that a script loaded twice would overwrite itself. */
export class ScriptKeys {
  readonly names: string[] = [];

  constructor(private readonly namespace: string) {}

  /** The key's position, from 1 as Lua counts. */
  positionOf(key: RecordKey): number {
    const name = recordKey(this.namespace, key);
    const index = this.names.indexOf(name);
    return index === -1 ? this.names.push(name) : index + 1;
  }
}

/** See lua/shared/limits.lua. */
export function packRequests(keys: ScriptKeys, requests: readonly LimitRequest[]): string {
  const packed = requests.map(
    (request) =>
      `${keys.positionOf(request.key)},${LOG_POSITIONS[request.log]},${request.take ? 1 : 0},${packRules(request)}`,
  );
  return `[${packed.join(',')}]`;
}

type Rules = Pick<LimitRequest, 'windows' | 'cooldown'>;

/** An application asks the same rules at every request, so they are written once. */
const writtenRules = new WeakMap<Rules['windows'], { readonly cooldown: Rules['cooldown']; readonly text: string }>();

function packRules(rules: Rules): string {
  const known = writtenRules.get(rules.windows);
  if (known !== undefined && known.cooldown === rules.cooldown) {
    return known.text;
  }
  const text = writeRules(rules);
  writtenRules.set(rules.windows, { cooldown: rules.cooldown, text });
  return text;
}

function writeRules({ windows, cooldown }: Rules): string {
  const steps = cooldown?.stepsSeconds ?? [];
  const cooldownMs = cooldown && steps.length > 0 ? toMs(cooldown.windowSeconds) : 0;
  return [
    cooldownMs,
    steps.length,
    ...steps.map(toMs),
    windows.length,
    ...windows.flatMap(({ limit, windowSeconds, counts }) => [
      limit,
      toMs(windowSeconds),
      counts === 'unanswered' ? 1 : 0,
    ]),
  ].join(',');
}

export interface Amendments {
  readonly settle?: readonly Charge[];
  readonly giveBack?: readonly Charge[];
  /** As if they had never been taken: their cooldowns end as well. */
  readonly undo?: readonly Charge[];
}

/** States of an entry in lua/shared/record.lua. */
const ANSWERED = 1;
const GIVEN_BACK = 2;
const UNDONE = 3;

/** See `amend` in lua/shared/record.lua. */
export function packAmendments(keys: ScriptKeys, { settle = [], giveBack = [], undo = [] }: Amendments): string {
  const pack = (charges: readonly Charge[], state: number) =>
    charges.flatMap(({ key, log, at }) => [keys.positionOf(key), LOG_POSITIONS[log], at, state]);
  return JSON.stringify([...pack(settle, ANSWERED), ...pack(giveBack, GIVEN_BACK), ...pack(undo, UNDONE)]);
}

/** The entries that were taken, in the order of the requests that take. */
export function readCharges(requests: readonly LimitRequest[], times: readonly number[]): Charge[] {
  const taking = requests.filter(({ take }) => take);
  return taking.map(({ key, log }, index) => {
    const at = times[index];
    if (at === undefined) {
      throw new StoreUnavailableError('Redis answered fewer entries than were taken');
    }
    return { key, log, at };
  });
}

/** What `describeRefusal` in lua/shared/limits.lua answers. */
export function readRefusal(requests: readonly LimitRequest[], reply: ScriptReply): LimitRefusal {
  const now = reply.integer();
  const retryAfterMs = reply.integer();
  const request = requests[reply.integer() - 1];
  const position = reply.integer();
  const limit = position === 0 ? request?.cooldown : request?.windows[position - 1];
  if (!request || !limit) {
    throw new StoreUnavailableError('Redis refused by a limit that was not asked for');
  }
  return { outcome: 'refused', limit: limit.name, log: request.log, kind: request.key.kind, retryAfterMs, now };
}

export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
