import type {
  Budget,
  Cooldown,
  DistinctLimit,
  LogLane,
  LimitRequest,
  LogName,
  LogRequest,
  RecordKey,
  TallyName,
  TallyRequest,
  WindowLimit,
} from '../otp-store.js';
import { SHARED_KINDS } from '../otp-store.js';
import { recordKey, tallyKey } from './keys.js';

/** Parts of a record where its logs stand (lua/shared/record.lua); 10 more than those of its tallies (lua/shared/tally.lua). */
export const POSITIONS: Readonly<Record<'log', Record<LogName, number>> & Record<'tally', Record<TallyName, number>>> =
  {
    log: { sends: 2, wrongCodes: 4 },
    tally: { sends: 12, wrongCodes: 13, failedSends: 14, spending: 15 },
  };

/** See lua/shared/lanes.lua. */
const PUBLIC_LANE = '0';
const VOUCHED_LANE = '""';
const TRUSTED_LANE = '"*"';
const DEVICE = 'device:';

/** How lua/shared/limits.lua is asked to take an entry without a time of its own. */
const UNNAMED = 2;

/** Collects the keys of a script, each once: a record that a script loaded twice would overwrite itself. */
export class ScriptKeys {
  readonly names: string[] = [];

  constructor(private readonly namespace: string) {}

  /** The record's position, from 1 as Lua counts. */
  positionOf(key: RecordKey): number {
    return this.position(recordKey(this.namespace, key));
  }

  /** The position of the record's tallies. */
  tallyPositionOf(key: RecordKey): number {
    return this.position(tallyKey(this.namespace, key));
  }

  private position(name: string): number {
    const index = this.names.indexOf(name);
    return index === -1 ? this.names.push(name) : index + 1;
  }
}

/**
 * Two lists, see lua/shared/limits.lua: the second begins with what everybody shares, and is only read when the first admits.
 * It is '' when there is none.
 */
export function packRequests(keys: ScriptKeys, requests: readonly LimitRequest[]): [first: string, shared: string] {
  let [first, shared] = [packKnown(keys, requests), ''];
  for (const request of requests) {
    const packed = isLogRequest(request) ? packLog(keys, request) : packTally(keys, request);
    if (shared !== '' || SHARED_KINDS.has(request.key.kind)) {
      shared += shared === '' ? packed.slice(1) : packed;
    } else {
      first += packed;
    }
  }
  return [`[${first}]`, shared === '' ? '' : `[${shared}]`];
}

export function isLogRequest(request: LimitRequest): request is LogRequest {
  return 'log' in request;
}

/** Whose answer decides what is passed over. A call is about one number. */
function packKnown(keys: ScriptKeys, requests: readonly LimitRequest[]): string {
  for (const request of requests) {
    if (isLogRequest(request) && request.known) {
      const { withinSeconds, passes } = request.known;
      return `${keys.positionOf(request.key)},${toMs(withinSeconds)},${passes},${bit(request.take)},${packLane(request.lane)}`;
    }
  }
  return '0,0,0,0,0';
}

function packLog(keys: ScriptKeys, { key, log, lane, take, unnamed, failures, windows, cooldown }: LogRequest): string {
  const rules = writtenOnce(windows, cooldown, writeWindows);
  return `,${keys.positionOf(key)},${POSITIONS.log[log]},${packLane(lane)},${take && unnamed ? UNNAMED : bit(take)},${failures?.limit ?? -1},${rules}`;
}

/** The leading comma of a request that stands in a list is left to `packTally`. See lua/shared/budgets.lua. */
export function packTallyAlone(keys: ScriptKeys, request: TallyRequest): string {
  const { key, tally, take, unlessKnown = false, amount, budgets, distinct } = request;
  const asked = `${keys.tallyPositionOf(key)},${POSITIONS.tally[tally]},${bit(take)},${bit(unlessKnown)},${amount}`;
  return `${asked},${packDistinct(distinct)},${writtenOnce(budgets, undefined, writeBudgets)}`;
}

function packTally(keys: ScriptKeys, request: TallyRequest): string {
  return `,${packTallyAlone(keys, request)}`;
}

function packDistinct(distinct: DistinctLimit | undefined): string {
  if (distinct === undefined) {
    return '0,0,0,0,0';
  }
  const { value, limit, share, windowSeconds, observe = false } = distinct;
  return `${JSON.stringify(value)},${limit},${share},${toMs(windowSeconds)},${bit(observe)}`;
}

/** As JSON: also what a lane is called elsewhere than in requests. */
export function packLane(lane: LogLane = 'public'): string {
  if (lane === 'public') {
    return PUBLIC_LANE;
  }
  if (lane === 'vouched') {
    return VOUCHED_LANE;
  }
  if (lane === 'trusted') {
    return TRUSTED_LANE;
  }
  const name = lane.slice(DEVICE.length);
  if (name === '') {
    throw new TypeError('A lane of a device has an id');
  }
  return JSON.stringify(name);
}

/** An application asks the same rules at every request, so they are written once. */
const written = new WeakMap<object, { readonly beside: unknown; readonly text: string }>();

function writtenOnce<T extends object, B>(rules: T, beside: B, write: (rules: T, beside: B) => string): string {
  const before = written.get(rules);
  const isSame = before !== undefined && Object.is(before.beside, beside);
  if (isSame) {
    return before.text;
  }
  const text = write(rules, beside);
  written.set(rules, { beside, text });
  return text;
}

function writeWindows(windows: readonly WindowLimit[], cooldown: Cooldown | undefined): string {
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
      bit(counts === 'unanswered'),
    ]),
  ].join(',');
}

function writeBudgets(budgets: readonly Budget[]): string {
  return [
    budgets.length,
    ...budgets.flatMap(({ counts, windowSeconds, floor, share, young, trickleSeconds = 0, observe = false }) => [
      bit(counts === 'unanswered'),
      toMs(windowSeconds),
      floor,
      share,
      young ? toMs(young.seconds) : 0,
      young?.upTo ?? 0,
      young?.share ?? 0,
      toMs(trickleSeconds),
      bit(observe),
    ]),
  ].join(',');
}

function bit(value: boolean): number {
  return value ? 1 : 0;
}

export function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
