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
import { admit } from './admission.js';
import { limitUse } from './limit-use.js';
import { EMPTY_LOG, type LogEntry } from './memory-record.js';
import type { Changes, MemoryRecords } from './memory-records.js';

export class MemoryLimitStore implements LimitStore {
  constructor(private readonly records: MemoryRecords) {}

  async take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal> {
    const now = this.records.now();
    const changes = this.records.begin();
    const admission = admit(requests, changes, now);
    if (admission.outcome === 'taken') {
      changes.commit(now);
    }
    return { ...admission, now };
  }

  async count(requests: readonly LimitRequest[]): Promise<LimitsCounted> {
    const now = this.records.now();
    const uses = requests.map((request) =>
      limitUse(request, this.records.read(request.key)?.logs[request.log] ?? EMPTY_LOG, now),
    );
    return { uses, now };
  }

  async giveBack(charges: readonly Charge[]): Promise<void> {
    this.change((changes) => giveBack(changes, charges));
  }

  async settle(charges: readonly Charge[]): Promise<void> {
    this.change((changes) => settle(changes, charges));
  }

  async clear(key: RecordKey, logs: readonly LogName[] = ['sends', 'wrongCodes']): Promise<void> {
    this.change((changes) => {
      const record = changes.draft(key);
      for (const log of logs) {
        record.logs[log] = EMPTY_LOG;
      }
    });
  }

  private change(apply: (changes: Changes) => void): void {
    const changes = this.records.begin();
    apply(changes);
    changes.commit(this.records.now());
  }
}

/** A send still starts its cooldown; every other entry is forgotten. */
export function giveBack(changes: Changes, charges: readonly Charge[]): void {
  for (const charge of charges) {
    amend(changes, charge, (entry) =>
      charge.log === 'sends' && entry.state !== 'answered' ? { ...entry, state: 'givenBack' } : undefined,
    );
  }
}

export function settle(changes: Changes, charges: readonly Charge[]): void {
  for (const charge of charges) {
    amend(changes, charge, (entry) => (entry.state === 'givenBack' ? undefined : { ...entry, state: 'answered' }));
  }
}

function amend(changes: Changes, charge: Charge, change: (entry: LogEntry) => LogEntry | undefined): void {
  const { logs } = changes.draft(charge.key);
  const { entries, horizonMs } = logs[charge.log];
  const changed = entries.flatMap((entry) => (entry.at === charge.at ? (change(entry) ?? []) : entry));
  logs[charge.log] = { entries: changed, horizonMs };
}
