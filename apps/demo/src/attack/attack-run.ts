import { setTimeout as pause } from 'node:timers/promises';
import type { Attack, AttackName, DailyBound } from './attack.js';
import { AttackedSide } from './attacked-side.js';
import type { Defence } from './defence.js';
import type { SideReport } from './side-tally.js';

export type AttackState = 'running' | 'done' | 'stopped';

/** What had got through after so many steps. */
export interface SeriesPoint {
  readonly steps: number;
  readonly module: number;
  readonly plain: number;
}

export interface AttackReport {
  readonly attack: AttackName;
  readonly counts: Attack['counts'];
  readonly state: AttackState;
  /** Steps taken, of `plannedSteps`. */
  readonly steps: number;
  readonly plannedSteps: number;
  /** Requests that the module was asked. */
  readonly requests: number;
  readonly module: SideReport;
  readonly plain: SideReport;
  readonly series: readonly SeriesPoint[];
  readonly daily: DailyBound;
}

export interface AttackRunOptions {
  readonly attack: Attack;
  /** Chooses numbers and addresses. */
  readonly run: number;
  readonly module: Defence;
  readonly plain: Defence;
  /** Stops it after the steps under way. */
  readonly signal: AbortSignal;
  /** Between two steps of one of its workers, so that the requests of people come between. */
  readonly paceMs: number;
}

/** Few enough that hashing keeps seats for people. */
const WORKERS = 4;
const SERIES_POINTS = 60;

/** One attack from its first step to its last, on both sides at once. */
export class AttackRun {
  private readonly module: AttackedSide;
  private readonly plain: AttackedSide;
  private readonly series: SeriesPoint[] = [{ steps: 0, module: 0, plain: 0 }];
  private state: AttackState = 'running';
  private begun = 0;
  private taken = 0;
  private failed = false;

  constructor(private readonly options: AttackRunOptions) {
    this.module = new AttackedSide(options.module);
    this.plain = new AttackedSide(options.plain);
  }

  /**
   * Ends when all steps are taken or the signal stops it.
   * @throws what a defence threw, when no request is under way any more; it then stands as stopped
   */
  async execute(): Promise<void> {
    const { attack, run, signal } = this.options;
    try {
      const victim = attack.victim?.(run);
      if (victim !== undefined) {
        await this.both((side) => side.befriend(victim));
      }
      await allEnded(Array.from({ length: WORKERS }, () => this.work()));
      if (victim !== undefined && !signal.aborted) {
        await this.both((side) => side.tryAgain(victim));
      }
    } catch (error) {
      this.failed = true;
      throw error;
    } finally {
      this.state = this.taken === attack.steps && !this.failed ? 'done' : 'stopped';
    }
  }

  report(): AttackReport {
    const { attack } = this.options;
    return {
      attack: attack.name,
      counts: attack.counts,
      state: this.state,
      steps: this.taken,
      plannedSteps: attack.steps,
      requests: this.module.requests,
      module: this.module.tally.report(),
      plain: this.plain.tally.report(),
      series: this.series.at(-1)?.steps === this.taken ? [...this.series] : [...this.series, this.point(attack)],
      daily: attack.daily,
    };
  }

  private async work(): Promise<void> {
    const { attack, run, signal, paceMs } = this.options;
    while (this.begun < attack.steps && !signal.aborted && !this.failed) {
      const step = attack.step(this.begun, run);
      this.begun += 1;
      try {
        await this.both((side) => side.take(step));
      } catch (error) {
        this.failed = true;
        throw error;
      }
      this.taken += 1;
      this.draw(attack);
      await pause(paceMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async both(act: (side: AttackedSide) => Promise<void>): Promise<void> {
    await allEnded([act(this.module), act(this.plain)]);
  }

  private draw(attack: Attack): void {
    const every = Math.ceil(attack.steps / SERIES_POINTS);
    if (this.taken % every === 0 || this.taken === attack.steps) {
      this.series.push(this.point(attack));
    }
  }

  private point({ counts }: Attack): SeriesPoint {
    return { steps: this.taken, module: this.module.tally.through(counts), plain: this.plain.tally.through(counts) };
  }
}

/** Rejects only when none goes on any more. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
