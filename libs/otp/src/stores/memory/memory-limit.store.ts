import type {
  Charge,
  Clearable,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LogRequest,
  NoSuchLane,
  NumberState,
  RecordKey,
} from '../otp-store.js';
import { admit } from './admission.js';
import { giveBack, settle } from './amendments.js';
import { limitUse } from './limit-use.js';
import { EMPTY_LOG } from './log.js';
import type { MemoryRecords } from './memory-records.js';
import { clearNumberData, numberStateOf } from './number-data.js';

export class MemoryLimitStore implements LimitStore {
  constructor(private readonly records: MemoryRecords) {}

  async take(requests: readonly LimitRequest[]): Promise<LimitsTaken | LimitRefusal | NoSuchLane> {
    return admit(requests, this.records, this.records.now());
  }

  async count(requests: readonly LogRequest[]): Promise<LimitsCounted> {
    const now = this.records.now();
    const uses = requests.map((request) => {
      const log = this.records.read(request.key)?.log(request.log, request.lane, now);
      return limitUse(request, log ?? EMPTY_LOG, now);
    });
    return { uses, now };
  }

  async numberState(key: RecordKey): Promise<NumberState> {
    return numberStateOf(this.records.read(key)?.number, this.records.now());
  }

  async giveBack(charges: readonly Charge[]): Promise<void> {
    giveBack(this.records, charges, this.records.now());
  }

  async settle(charges: readonly Charge[]): Promise<void> {
    settle(this.records, charges, { now: this.records.now(), credits: ['always'] });
  }

  async clear(key: RecordKey, what: readonly Clearable[] = ['sends', 'wrongCodes']): Promise<void> {
    const record = this.records.read(key);
    if (!record) {
      return;
    }
    for (const name of what) {
      if (name === 'sends' || name === 'wrongCodes') {
        record.logs[name] = undefined;
      }
    }
    if (record.number) {
      clearNumberData(record.number, what);
    }
    this.records.amended(record, this.records.now());
  }
}
