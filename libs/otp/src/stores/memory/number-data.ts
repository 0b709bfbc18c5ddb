import type { Answered, Clearable, KnownRule, LogLane, LogName, NumberState, RememberedDevice } from '../otp-store.js';
import { logUntil, pruneLog, type Log } from './log.js';

/** Logs are there from their first entry on. */
export type Logs = Record<LogName, Log | undefined>;

export interface MemoryLane {
  readonly logs: Logs;
  passesUsed: number;
  seenAt: number;
  /** Without another success it is gone then. `vouched` has none: it is there while it has entries. */
  lifetimeMs: number;
}

/** What is kept of a number beside its public logs and its challenges. */
export interface NumberData {
  answeredAt: number | undefined;
  knownUntil: number;
  /** Of the public lane. */
  passesUsed: number;
  failures: number;
  failedAt: number;
  readonly lanes: Map<LogLane, MemoryLane>;
}

const DAY_MS = 86_400_000;
const FAILURES_KEPT_MS = 400 * DAY_MS;

export function newNumberData(): NumberData {
  return { answeredAt: undefined, knownUntil: 0, passesUsed: 0, failures: 0, failedAt: 0, lanes: new Map() };
}

export function newLogs(): Logs {
  return { sends: undefined, wrongCodes: undefined };
}

export function answeredAtOf(data: NumberData | undefined, now: number): number | undefined {
  return data && now < data.knownUntil ? data.answeredAt : undefined;
}

export function failuresOf(data: NumberData | undefined, now: number): number {
  return data && now < data.failedAt + FAILURES_KEPT_MS ? data.failures : 0;
}

/** Whose passes count: those of a lane other than the public one are its own. */
function passesOf(data: NumberData, lane: LogLane | undefined): { passesUsed: number } | undefined {
  return lane === undefined || lane === 'public' ? data : data.lanes.get(lane);
}

export function isKnown(
  data: NumberData | undefined,
  { rule, lane }: { readonly rule: KnownRule; readonly lane: LogLane | undefined },
  now: number,
): boolean {
  return data !== undefined && isRecent(data, rule, now) && (passesOf(data, lane)?.passesUsed ?? 0) < rule.passes;
}

export function usePass(
  data: NumberData | undefined,
  { rule, lane }: { readonly rule: KnownRule; readonly lane: LogLane | undefined },
  now: number,
): void {
  const passes = data && isRecent(data, rule, now) ? passesOf(data, lane) : undefined;
  if (passes) {
    passes.passesUsed = Math.min(passes.passesUsed + 1, rule.passes);
  }
}

function isRecent(data: NumberData, { withinSeconds }: KnownRule, now: number): boolean {
  const answeredAt = answeredAtOf(data, now);
  return answeredAt !== undefined && now < answeredAt + withinSeconds * 1000;
}

export function addFailure(data: NumberData, now: number): void {
  data.failures = failuresOf(data, now) + 1;
  data.failedAt = now;
}

export function laneOf(data: NumberData | undefined, lane: LogLane, now: number): MemoryLane | undefined {
  const found = data?.lanes.get(lane);
  return data && found && isThere(data, lane, now) ? found : undefined;
}

/** A lane without a device is there while it counts something. */
function isThere(data: NumberData, name: LogLane, now: number): boolean {
  const lane = data.lanes.get(name);
  if (lane === undefined) {
    return false;
  }
  const { seenAt, lifetimeMs, logs, passesUsed } = lane;
  return isDevice(name)
    ? now < seenAt + lifetimeMs
    : (logs.sends?.entries.length ?? 0) > 0 ||
        (logs.wrongCodes?.entries.length ?? 0) > 0 ||
        (passesUsed > 0 && answeredAtOf(data, now) !== undefined);
}

export function isDevice(lane: LogLane): boolean {
  return lane.startsWith('device:');
}

/** `lanes` are those whose messages were answered. */
export function answer(
  data: NumberData,
  { answered, lanes }: { readonly answered: Answered; readonly lanes: readonly LogLane[] },
  now: number,
): void {
  data.answeredAt = now;
  data.knownUntil = now + answered.knownSeconds * 1000;
  data.failures = 0;
  for (const lane of lanes) {
    const passes = passesOf(data, lane);
    if (passes) {
      passes.passesUsed = 0;
    }
  }
  if (answered.remember) {
    remember(data, answered.remember, now);
  }
}

function remember(data: NumberData, { lane, replaces, most, lifetimeSeconds }: RememberedDevice, now: number): void {
  const { lanes } = data;
  pruneNumberData(data, now);
  const replaced = replaces === undefined || lanes.has(lane) ? undefined : lanes.get(replaces);
  if (replaces !== undefined && replaced) {
    lanes.delete(replaces);
  }
  const logs = (lanes.get(lane) ?? replaced)?.logs ?? newLogs();
  // Set anew, the newest is also the last in the map.
  lanes.delete(lane);
  lanes.set(lane, { logs, passesUsed: 0, seenAt: now, lifetimeMs: lifetimeSeconds * 1000 });
  const others = [...lanes].filter(([name]) => isDevice(name) && name !== lane);
  const oldestFirst = others.toSorted(([, one], [, other]) => one.seenAt - other.seenAt);
  for (const [name] of oldestFirst.slice(0, Math.max(0, others.length + 1 - most))) {
    lanes.delete(name);
  }
}

function forgetAnswer(data: NumberData): void {
  data.answeredAt = undefined;
  data.passesUsed = 0;
  for (const lane of data.lanes.values()) {
    lane.passesUsed = 0;
  }
}

export function clearNumberData(data: NumberData, what: readonly Clearable[]): void {
  for (const name of what) {
    if (name === 'failures') {
      data.failures = 0;
    } else if (name === 'known') {
      forgetAnswer(data);
    } else if (name === 'devices') {
      [...data.lanes.keys()].filter(isDevice).forEach((lane) => data.lanes.delete(lane));
    } else {
      data.lanes.forEach(({ logs }) => (logs[name] = undefined));
    }
  }
}

export function numberStateOf(data: NumberData | undefined, now: number): NumberState {
  const answeredAt = answeredAtOf(data, now);
  const devices = data ? [...data.lanes.keys()].filter((name) => isDevice(name) && isThere(data, name, now)) : [];
  return {
    ...(answeredAt === undefined ? {} : { answeredAt }),
    passesUsed: answeredAt === undefined ? 0 : (data?.passesUsed ?? 0),
    failures: failuresOf(data, now),
    devices: devices.length,
  };
}

export function pruneNumberData(data: NumberData, now: number): void {
  data.failures = failuresOf(data, now);
  if (answeredAtOf(data, now) === undefined) {
    forgetAnswer(data);
  }
  for (const [name, lane] of data.lanes) {
    pruneLogs(lane.logs, now);
    if (!isThere(data, name, now)) {
      data.lanes.delete(name);
    }
  }
}

export function pruneLogs({ sends, wrongCodes }: Logs, now: number): void {
  if (sends) {
    pruneLog(sends, now);
  }
  if (wrongCodes) {
    pruneLog(wrongCodes, now);
  }
}

export function isBlank({ answeredAt, failures, lanes }: NumberData): boolean {
  return answeredAt === undefined && failures === 0 && lanes.size === 0;
}

/** Until when a number must not be forgotten early: wrong codes of a lane, and failures in a row for a day. */
export function numberDataPinnedUntil({ failures, failedAt, lanes }: NumberData): number {
  let until = failures > 0 ? failedAt + DAY_MS : 0;
  for (const { logs } of lanes.values()) {
    until = Math.max(until, logUntil(logs.wrongCodes));
  }
  return until;
}

/** Until when something of it may be asked for. */
export function numberDataUntil({ answeredAt, knownUntil, failures, failedAt, lanes }: NumberData): number {
  let until = Math.max(answeredAt === undefined ? 0 : knownUntil, failures > 0 ? failedAt + FAILURES_KEPT_MS : 0);
  for (const [name, { logs, seenAt, lifetimeMs }] of lanes) {
    const logsUntil = Math.max(logUntil(logs.sends), logUntil(logs.wrongCodes));
    until = Math.max(until, isDevice(name) ? seenAt + lifetimeMs : logsUntil);
  }
  return until;
}
