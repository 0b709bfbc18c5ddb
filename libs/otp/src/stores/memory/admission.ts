import type {
  Charge,
  LimitRefusal,
  LimitRequest,
  LimitsTaken,
  LogRequest,
  NoSuchLane,
  TallyRequest,
} from '../otp-store.js';
import { SHARED_KINDS } from '../otp-store.js';
import { budgetAdmits, budgetAdmitsAt, distinctAdmitsAt, trickleAdmits, type TallyAt } from './budget.js';
import { append, cooldownAdmitsAt, EMPTY_LOG, logMoment, windowAdmitsAt } from './log.js';
import { MemoryRecord } from './memory-record.js';
import type { MemoryRecords } from './memory-records.js';
import { addFailure, failuresOf, isDevice, isKnown, laneOf, usePass } from './number-data.js';
import { EMPTY_TALLY, levelAt, tallyMoment } from './tally.js';
import { TakenAmount, TakenEntry, type Taken } from './taken.js';
import { windowMs } from './window-ms.js';

const NO_SUCH_LANE: NoSuchLane = { outcome: 'no_such_lane' };
const NONE: readonly never[] = [];
const FAILURES_WAIT_MS = 86_400_000;

/**
 * Decides all requests at once: takes everything or nothing.
 * @throws {StoreFullError} having taken nothing
 */
export function admit(
  requests: readonly LimitRequest[],
  records: MemoryRecords,
  now: number,
): LimitsTaken | LimitRefusal | NoSuchLane {
  let known = false;
  for (const request of requests) {
    if ('log' in request) {
      const { lane, known: rule } = request;
      if (lane !== undefined && isDevice(lane) && !laneOf(records.read(request.key)?.number, lane, now)) {
        return NO_SUCH_LANE;
      }
      known ||= rule !== undefined && isKnown(records.read(request.key)?.number, { rule, lane }, now);
    }
  }
  const decision = new Decision(records, now);
  for (const request of requests) {
    if ('log' in request) {
      decision.askLog(request);
    } else if (!(known && request.unlessKnown) && decision.asks(request)) {
      decision.askTally(request);
    }
  }
  return decision.end(requests, known);
}

/**
 * What is admitted is written at once, so that requests to one log or tally see each other, and undone when another
 * refuses. Most decisions are made of one or two requests and touch records that are there: this copies nothing.
 */
class Decision {
  private readonly charges: Charge[] = [];
  /** Observed, or admitted by their trickle. */
  private usedUp: readonly string[] = NONE;
  private refusedBy: readonly string[] = NONE;
  private added: readonly MemoryRecord[] = NONE;
  private taken: Taken | undefined;
  private nextAt: number;
  private othersAdmit: boolean | undefined;
  private refusal: { readonly by: LimitRequest; readonly limit: string; readonly waitMs: number } | undefined;

  constructor(
    private readonly records: MemoryRecords,
    private readonly now: number,
  ) {
    this.nextAt = now;
  }

  /** What everybody shares is asked only when all before it admit. */
  asks({ key }: TallyRequest): boolean {
    if (!SHARED_KINDS.has(key.kind)) {
      return true;
    }
    this.othersAdmit ??= this.refusal === undefined;
    return this.othersAdmit;
  }

  askLog(request: LogRequest): void {
    const { key, lane, log: name, windows, cooldown, failures, unnamed } = request;
    const record = this.recordOf(request);
    const log = record?.log(name, lane, this.now) ?? EMPTY_LOG;
    const at = logMoment(log, this.now);
    let isAdmitted = true;
    let horizonMs = log.horizonMs;
    if (failures && failures.limit > 0 && failuresOf(record?.number, this.now) >= failures.limit) {
      isAdmitted = this.refuse(request, failures.name, this.now + FAILURES_WAIT_MS);
    }
    if (cooldown) {
      horizonMs = Math.max(horizonMs, windowMs(cooldown.windowSeconds));
      const admitsAt = cooldownAdmitsAt(cooldown, log, at);
      isAdmitted = admitsAt > at ? this.refuse(request, cooldown.name, admitsAt) : isAdmitted;
    }
    for (const window of windows) {
      horizonMs = Math.max(horizonMs, windowMs(window.windowSeconds));
      const admitsAt = windowAdmitsAt(window, log, at);
      isAdmitted = admitsAt > at ? this.refuse(request, window.name, admitsAt) : isAdmitted;
    }
    if (isAdmitted && request.take && !this.refusal) {
      const written = this.toWrite(request, record);
      const taken = written.logToWrite(name, lane, this.now);
      taken.horizonMs = horizonMs;
      const entryAt = append(taken, this.now, { unnamed });
      this.taken = new TakenEntry(written, this.taken, taken);
      this.charges.push(lane === undefined ? { key, log: name, at: entryAt } : { key, lane, log: name, at: entryAt });
      if (cooldown) {
        this.nextAt = Math.max(this.nextAt, cooldownAdmitsAt(cooldown, taken, entryAt));
      }
    }
  }

  askTally(request: TallyRequest): void {
    const { key, tally: name, amount, budgets, distinct } = request;
    const record = this.recordOf(request);
    const tally = record?.tallies[name] ?? EMPTY_TALLY;
    const at = tallyMoment(tally, this.now);
    const when: TallyAt = { tally, at, level: levelAt(tally, this.now) };
    let isAdmitted = true;
    let isTrickle = false;
    let horizonMs = tally.horizonMs;
    for (const budget of budgets) {
      horizonMs = Math.max(horizonMs, windowMs(budget.windowSeconds));
      if (!budgetAdmits(budget, amount, when)) {
        if (budget.observe) {
          this.over(budget.name);
        } else if (trickleAdmits(budget, when)) {
          this.over(budget.name);
          isTrickle = true;
        } else {
          isAdmitted = this.refuse(request, budget.name, budgetAdmitsAt(budget, amount, when));
        }
      }
    }
    if (distinct) {
      horizonMs = Math.max(horizonMs, windowMs(distinct.windowSeconds));
      const admitsAt = distinctAdmitsAt(distinct, tally, at);
      if (admitsAt > at && distinct.observe) {
        this.over(distinct.name);
      } else if (admitsAt > at) {
        isAdmitted = this.refuse(request, distinct.name, admitsAt);
      }
    }
    if (isAdmitted && request.take && !this.refusal) {
      const written = this.toWrite(request, record);
      const taken = written.tallyToWrite(name);
      taken.horizonMs = horizonMs;
      this.taken = new TakenAmount(written, this.taken, taken, { at, amount, value: distinct?.value, isTrickle });
      const charge = { key, tally: name, amount, at };
      this.charges.push(distinct ? { ...charge, value: distinct.value } : charge);
    }
  }

  /** Finishes the decision: keeps what was taken, or undoes it. */
  end(requests: readonly LimitRequest[], known: boolean): LimitsTaken | LimitRefusal {
    const { now, refusal, refusedBy, usedUp, charges, nextAt } = this;
    if (refusal) {
      this.undoAll();
      const { by, limit, waitMs } = refusal;
      const log = 'log' in by ? by.log : by.tally;
      return { outcome: 'refused', limit, log, kind: by.key.kind, retryAfterMs: waitMs, now, usedUp: refusedBy };
    }
    if (this.added.length > 0) {
      try {
        this.records.add(this.added, this.written(), now);
      } catch (error) {
        this.undoAll();
        throw error;
      }
    }
    for (const request of requests) {
      if ('log' in request && request.take && (request.failures ?? request.known)) {
        this.countAnswering(request);
      }
    }
    for (let { taken } = this; taken; taken = taken.before) {
      taken.prune(now);
      this.records.taken(taken.record, now);
    }
    for (const record of this.added) {
      record.wasWritten = false;
    }
    return { outcome: 'taken', charges, nextAt, now, known, usedUp };
  }

  private countAnswering({ key, lane, failures, known: rule }: LogRequest): void {
    const record = this.records.read(key);
    if (rule) {
      usePass(record?.number, { rule, lane }, this.now);
    }
    if (record && failures) {
      addFailure(record.numberToWrite(), this.now);
    }
  }

  private undoAll(): void {
    for (let { taken } = this; taken; taken = taken.before) {
      taken.undo();
    }
  }

  private written(): MemoryRecord[] {
    const records: MemoryRecord[] = [];
    for (let { taken } = this; taken; taken = taken.before) {
      records.push(taken.record);
    }
    return records;
  }

  private over(limit: string): void {
    this.usedUp = [...this.usedUp, limit];
  }

  private refuse(by: LimitRequest, limit: string, admitsAt: number): false {
    this.refusedBy = [...this.refusedBy, limit];
    const waitMs = admitsAt - this.now;
    if (!this.refusal || waitMs > this.refusal.waitMs) {
      this.refusal = { by, limit, waitMs };
    }
    return false;
  }

  private recordOf({ key }: LimitRequest): MemoryRecord | undefined {
    const { added } = this;
    return (
      this.records.read(key) ?? added.find((record) => record.key.index === key.index && record.key.kind === key.kind)
    );
  }

  private toWrite({ key }: LimitRequest, found: MemoryRecord | undefined): MemoryRecord {
    if (found) {
      return found;
    }
    const record = new MemoryRecord(key);
    this.added = [...this.added, record];
    return record;
  }
}
