import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { OtpEvents, OtpService } from 'nestjs-sms-otp';
import { randomInt } from 'node:crypto';
import { RUNS } from './addresses.js';
import type { AttackName } from './attack.js';
import { AttackRun, type AttackReport } from './attack-run.js';
import { ATTACKS } from './attacks/index.js';
import { ModuleDefence } from './module-defence.js';
import { PlainCounters } from './plain-counters.js';

export interface AttackRunnerOptions {
  /** @default 40 ms, so that a run can be watched */
  readonly paceMs?: number;
  /** An attack is stopped after it. @default a minute */
  readonly maxMs?: number;
  /** What attacks are made for; it has no binding. */
  readonly purpose: string;
  /** The code of the newest message to a number. */
  readonly codeSentTo: (phoneNumber: string) => string | undefined;
}

/** `busy`: another attack runs, and only one may. */
export type StartOutcome = 'started' | 'busy';

interface Current {
  readonly name: AttackName;
  readonly run: AttackRun;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Attacks the demo that it is part of, from addresses that nobody has, through the same service as its pages: the same
 * store, limits, hashing, events and messages. Never in production.
 */
export class AttackRunner implements OnModuleDestroy {
  private readonly logger = new Logger(AttackRunner.name);
  /** The last of each attack. */
  private readonly reports = new Map<AttackName, AttackReport>();
  private current: Current | undefined;
  private nextRun = randomInt(RUNS);

  constructor(
    private readonly otp: OtpService,
    private readonly events: OtpEvents,
    private readonly options: AttackRunnerOptions,
  ) {}

  /** Before the store is closed. */
  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  /** The attack that runs now. */
  get running(): AttackName | undefined {
    return this.current?.name;
  }

  start(name: AttackName): StartOutcome {
    if (this.current !== undefined) {
      return 'busy';
    }
    // Other numbers and addresses each time: limits remember those of the last run, plain counters begin anew.
    this.nextRun = (this.nextRun + 1) % RUNS;
    const { purpose, codeSentTo, paceMs = 40, maxMs = 60_000 } = this.options;
    const stop = new AbortController();
    const plain = new PlainCounters();
    const module = new ModuleDefence({ otp: this.otp, events: this.events, purpose, codeSentTo });
    const run = new AttackRun({
      attack: ATTACKS[name],
      run: this.nextRun,
      module,
      plain,
      signal: AbortSignal.any([stop.signal, AbortSignal.timeout(maxMs)]),
      paceMs,
    });
    const ended = run
      .execute()
      // Its message could name a number.
      .catch((error: unknown) =>
        this.logger.error(`The attack ${name} failed: ${error instanceof Error ? error.name : 'unknown error'}`),
      )
      .finally(() => {
        module.close();
        plain.close();
        this.reports.set(name, run.report());
        this.current = undefined;
      });
    this.current = { name, run, stop, ended };
    return 'started';
  }

  /** Ends after the requests under way. */
  async stop(): Promise<void> {
    this.current?.stop.abort();
    await this.current?.ended;
  }

  /** Ends when nothing runs any more. */
  async ended(): Promise<void> {
    await this.current?.ended;
  }

  /** How the attack stands or ended; `undefined` when it was never launched. */
  report(name: AttackName): AttackReport | undefined {
    return this.current?.name === name ? this.current.run.report() : this.reports.get(name);
  }
}
