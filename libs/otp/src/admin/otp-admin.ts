import { eventNumber } from '../flows/live-challenge.js';
import type { OtpParts } from '../flows/otp-parts.js';
import { answeringLoss } from '../flows/store-failures.js';
import { createPhoneReader } from '../phone/read-phone-number.js';
import type { RecordKey } from '../stores/otp-store.js';
import type { EventNumber } from '../telemetry/event-types.js';
import type {
  EraseOptions,
  EraseResult,
  NumberRefused,
  NumberStatusResult,
  UnlockOptions,
  UnlockResult,
} from './admin-results.js';
import { readActor, readReason } from './audit-note.js';
import { numberStatus } from './number-status.js';

interface ReadNumber {
  readonly outcome: 'ok';
  readonly key: RecordKey;
  readonly number: EventNumber;
}

/**
 * For support desks and people on call. Numbers are international (`+…`). Each method answers a union on `outcome`; no
 * answer and no event repeats the number. Every change names its actor and is an event. It checks no permission: whoever
 * may call it is for the application to decide.
 */
export class OtpAdmin {
  /** All countries: a number that is not admitted any more must still be found and erased. */
  private readonly readPhoneNumber = createPhoneReader();

  constructor(private readonly parts: OtpParts) {}

  /** Whether a number is locked or waits, and how full its limits are. Takes nothing. */
  status(phoneNumber: string): Promise<NumberStatusResult> {
    return answeringLoss(async () => {
      const { limits, store } = this.parts;
      const read = this.read(phoneNumber);
      if (read.outcome !== 'ok') {
        return read;
      }
      const { key, number } = read;
      const [counted, liveChallenges] = await Promise.all([
        store.limits.count(limits.send({ number: key, ip: undefined })),
        store.challenges.count(key),
      ]);
      return { outcome: 'ok', number: numberStatus({ number, counted, liveChallenges }) };
    });
  }

  /**
   * Forgets the wrong codes of a number, which ends its lock. Sends and cooldown stay as they are, and so do the attempts
   * of its challenges. Each time, somebody who guesses gets a whole budget of wrong codes anew.
   *
   * @example
   * await admin.unlock('+31612345678', { actor: agent.id, reason: 'SUP-1234, identity checked' });
   */
  unlock(phoneNumber: string, options: UnlockOptions): Promise<UnlockResult> {
    return answeringLoss(async () => {
      const { events, store } = this.parts;
      const actor = readActor(options.actor, this.readPhoneNumber);
      const reason = readReason(options.reason);
      if (actor.outcome !== 'ok') {
        return actor;
      }
      if (reason.outcome !== 'ok') {
        return reason;
      }
      const read = this.read(phoneNumber);
      if (read.outcome !== 'ok') {
        return read;
      }
      await store.limits.clear(read.key, ['wrongCodes']);
      events.emit('admin.unlocked', { ...read.number, actor: actor.text, reason: reason.text });
      return { outcome: 'unlocked' };
    });
  }

  /**
   * Removes the live challenges of a number with all that they hold: number, purpose and subject (sealed) and the hashed
   * code. Its counters stay until their windows end, or erasing would be a way to reset them; they are time stamps under
   * a keyed hash. A challenge that is being issued at the same moment may come after it.
   */
  erase(phoneNumber: string, options: EraseOptions): Promise<EraseResult> {
    return answeringLoss(async () => {
      const { events, store } = this.parts;
      const actor = readActor(options.actor, this.readPhoneNumber);
      if (actor.outcome !== 'ok') {
        return actor;
      }
      const read = this.read(phoneNumber);
      if (read.outcome !== 'ok') {
        return read;
      }
      const challenges = await store.challenges.clear(read.key);
      events.emit('admin.erased', { ...read.number, actor: actor.text, challenges });
      return { outcome: 'erased', challenges };
    });
  }

  private read(phoneNumber: string): ReadNumber | NumberRefused {
    const reading = this.readPhoneNumber({ phoneNumber });
    if (reading.outcome !== 'ok') {
      return reading;
    }
    const key = this.parts.index.number(reading.number.handsetKey);
    return { outcome: 'ok', key, number: eventNumber(reading.number, key) };
  }
}
