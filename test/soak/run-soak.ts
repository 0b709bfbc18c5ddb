import { bundle } from '../support/bundle.js';
import { FAULT_NAMES, type FaultName, play } from './faults.js';
import { Gate } from './gate.js';
import { Ledger } from './ledger.js';
import { Load } from './load.js';
import type { Leak, ProcessSample } from './messages.js';
import type { Census } from './redis-census.js';
import { heldOn } from './problems.js';
import { Site } from './site.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Longer than the module keeps anything: 400 days for wrong codes in a row. */
const FOR_EVER_MS = 401 * DAY_MS;

export interface SoakOptions {
  /** Answers between two moments at which everything is measured. */
  readonly stride: number;
  /** Whether another round, which has each fault once, is to follow so many that were. */
  readonly goesOn: (rounds: number) => boolean;
  /** A fault put into the applications on purpose. */
  readonly leak?: Leak | undefined;
}

export interface Sample {
  readonly seconds: number;
  readonly operations: number;
  readonly processes: readonly ProcessSample[];
  readonly redis: Census;
}

export interface SoakReport {
  readonly samples: readonly Sample[];
  readonly faults: readonly { readonly name: FaultName; readonly recoveryMs: number }[];
  /** How often each route gave each status. */
  readonly answers: Readonly<Record<string, number>>;
  readonly breaches: Readonly<Record<string, number>>;
  readonly operations: number;
  /** What nobody handled, in both applications. */
  readonly unhandled: readonly string[];
  /** What each application held before anybody called, and when everybody had gone. */
  readonly idle: { readonly before: readonly ProcessSample[]; readonly after: readonly ProcessSample[] };
  /** What Redis still has when the time of everything is over. */
  readonly left: Census;
  readonly ends: readonly ('exited' | 'stayed' | 'failed')[];
}

/** Plays people, floods and faults against two applications, and lets days go by meanwhile. */
export async function runSoak({ stride, goesOn, leak }: SoakOptions): Promise<SoakReport> {
  const program = await bundle('test/soak/application.ts');
  const site = await Site.start(program.file, leak);
  const [ledger, gate] = [new Ledger(), new Gate()];
  const load = new Load(site, ledger, gate);
  const samples: Sample[] = [];
  const faults: { name: FaultName; recoveryMs: number }[] = [];
  const started = performance.now();

  const stretch = async (answers: number, then: () => Promise<void>) => {
    const end = ledger.operations + answers;
    while (ledger.operations < end) {
      await ledger.next();
    }
    await gate.alone(then);
    load.timePassed();
  };
  /** A stretch of load, a minute, as much load, and so much time at once. */
  const live = async (ms: number) => {
    await stretch(stride / 2, async () => void (await site.pass(MINUTE_MS)));
    await stretch(stride / 2, async () => {
      const redis = await site.pass(ms);
      const seconds = (performance.now() - started) / 1000;
      samples.push({ seconds, operations: ledger.operations, processes: await site.measure(), redis });
    });
  };

  const before = await site.measure();
  const loaded = load.run();
  // Told where it is awaited.
  loaded.catch(() => undefined);
  try {
    for (let rounds = 0; goesOn(rounds); rounds++) {
      for (const name of FAULT_NAMES) {
        // Another day has other limits: there are messages for the fault to meet.
        await live(DAY_MS);
        faults.push({ name, recoveryMs: await play(name, site, ledger) });
      }
    }
    await live(MINUTE_MS);
    load.stop();
    await loaded;
    const left = await site.pass(FOR_EVER_MS);
    const after = await site.rest((sample, index) => heldOn(before[index], sample).length === 0);
    return {
      samples,
      faults,
      left,
      idle: { before, after },
      answers: Object.fromEntries(ledger.answers),
      breaches: Object.fromEntries(ledger.breaches),
      operations: ledger.operations,
      unhandled: site.applications.flatMap(({ unhandled }) => unhandled),
      ends: await site.close(),
    };
  } finally {
    load.stop();
    await site.close();
    await program.remove();
  }
}
