import type { LogCharge, LogRequest } from '../../libs/otp/src/stores/otp-store.js';

type OfLog = Pick<LogCharge, 'key' | 'log'>;

interface Entry {
  readonly at: number;
  answered: boolean;
  givenBack: boolean;
}

/**
 * What limits mean, said once more and as plainly as possible: nothing is ever forgotten, and the end of a wait is
 * found by trying every moment at which anything can change.
 */
export class LimitModel {
  private readonly logs = new Map<string, Entry[]>();

  /** One to try something on. */
  clone(): LimitModel {
    const copy = new LimitModel();
    this.logs.forEach((entries, name) =>
      copy.logs.set(
        name,
        entries.map((entry) => ({ ...entry })),
      ),
    );
    return copy;
  }

  take(requests: readonly LogRequest[], now: number) {
    const waits = requests.map((request) => this.admitsAt(request, now) - Math.max(now, this.newest(request)));
    if (waits.some((wait) => wait > 0)) {
      const ends = requests.map((request, index) => (waits[index] === 0 ? now : this.admitsAt(request, now)));
      return { outcome: 'refused', retryAfterMs: Math.max(...ends) - now } as const;
    }
    const taking = requests.filter(({ take }) => take);
    const charges = taking.map((request): LogCharge => {
      const at = Math.max(now, this.newest(request) + 1);
      this.entries(request).push({ at, answered: false, givenBack: false });
      return { key: request.key, log: request.log, at };
    });
    const nextAt = taking
      .filter(({ cooldown }) => cooldown)
      .map((request) => this.admitsAt({ ...request, windows: [] }, now));
    return { outcome: 'taken', charges, nextAt: Math.max(now, ...nextAt) } as const;
  }

  giveBack(charge: LogCharge): void {
    const entries = this.entries(charge);
    for (const entry of entries) {
      if (entry.at === charge.at) {
        entry.givenBack = true;
      }
    }
    // A send still starts its cooldown, as long as nobody has answered it.
    const isForgotten = (entry: Entry) => entry.givenBack && (charge.log !== 'sends' || entry.answered);
    this.logs.set(
      nameOf(charge),
      entries.filter((entry) => !isForgotten(entry)),
    );
  }

  settle(charge: LogCharge): void {
    for (const entry of this.entries(charge)) {
      if (entry.at === charge.at) {
        entry.answered = true;
      }
    }
    const left = this.entries(charge).filter((entry) => !(entry.answered && entry.givenBack));
    this.logs.set(nameOf(charge), left);
  }

  private admitsAt(request: LogRequest, now: number): number {
    const start = Math.max(now, this.newest(request));
    const spans = request.windows.map(({ windowSeconds }) => windowSeconds);
    const { stepsSeconds = [], windowSeconds = 0 } = request.cooldown ?? {};
    const changes = this.entries(request).flatMap(({ at }) =>
      [...spans, ...stepsSeconds, windowSeconds].map((seconds) => at + seconds * 1000),
    );
    const moments = [start, ...changes.filter((moment) => moment > start)].toSorted((one, other) => one - other);
    const first = moments.find((moment) => this.admits(request, moment));
    if (first === undefined) {
      throw new Error('nothing ever admits this request');
    }
    return first;
  }

  private admits(request: LogRequest, now: number): boolean {
    const { windows, cooldown } = request;
    const inside = (seconds: number) => this.entries(request).filter(({ at }) => now < at + seconds * 1000);
    const hasRoom = windows.every(({ limit, windowSeconds, counts }) => {
      const counted = inside(windowSeconds).filter(
        ({ answered, givenBack }) => !givenBack && (counts !== 'unanswered' || !answered),
      );
      return counted.length < limit;
    });
    const waiting = cooldown ? inside(cooldown.windowSeconds).filter(({ answered }) => !answered) : [];
    const newest = waiting.at(-1);
    const steps = cooldown?.stepsSeconds ?? [];
    const step = steps[Math.min(waiting.length, steps.length) - 1] ?? 0;
    return hasRoom && (newest === undefined || now >= newest.at + step * 1000);
  }

  private newest(of: OfLog): number {
    return this.entries(of).at(-1)?.at ?? 0;
  }

  private entries(of: OfLog): Entry[] {
    const entries = this.logs.get(nameOf(of)) ?? [];
    this.logs.set(nameOf(of), entries);
    return entries;
  }
}

function nameOf({ key, log }: OfLog): string {
  return `${key.kind} ${key.index} ${log}`;
}
