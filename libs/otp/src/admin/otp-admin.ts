import { eventNumber } from '../flows/live-challenge.js';
import type { OtpParts } from '../flows/otp-parts.js';
import { answeringLoss } from '../flows/store-failures.js';
import { createPhoneReader } from '../phone/read-phone-number.js';
import { REVOKED_PROOFS, REVOKED_PROOFS_SECONDS, revokedAt } from '../proof/revoked-proofs.js';
import type { RecordKey } from '../stores/otp-store.js';
import type { EventNumber } from '../telemetry/event-types.js';
import type {
  EraseOptions,
  EraseResult,
  NoteRefused,
  NumberRefused,
  NumberStatusResult,
  RevokeDevicesOptions,
  RevokeDevicesResult,
  RevokeProofsOptions,
  RevokeProofsResult,
  UnlockOptions,
  UnlockResult,
} from './admin-results.js';
import { readActor, readReason } from './audit-note.js';
import { numberStatus } from './number-status.js';

interface ReadNumber {
  readonly outcome: 'ok';
  readonly key: RecordKey;
  readonly handsetKey: string;
  readonly number: EventNumber;
}

interface ReadChange extends ReadNumber {
  readonly actor: string;
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
      const usage = limits.usage(key);
      const [counted, liveChallenges, state] = await Promise.all([
        store.limits.count(usage),
        store.challenges.count(key),
        store.limits.numberState(key),
      ]);
      const failureLimit = usage.find(({ failures }) => failures !== undefined)?.failures?.limit ?? 0;
      return { outcome: 'ok', number: numberStatus({ number, counted, liveChallenges, state, failureLimit }) };
    });
  }

  /**
   * Forgets the wrong codes of a number, those in a row and those of its trusted devices too, which ends every lock of it.
   * Sends and cooldown stay as they are, and so do the attempts of its challenges. Each time, somebody who guesses gets a
   * whole budget of wrong codes anew.
   *
   * @example
   * await admin.unlock('+31612345678', { actor: agent.id, reason: 'SUP-1234, identity checked' });
   */
  unlock(phoneNumber: string, options: UnlockOptions): Promise<UnlockResult> {
    return answeringLoss(async () => {
      const { events, store } = this.parts;
      const reason = readReason(options.reason);
      const change = this.readChange(phoneNumber, options.actor);
      if (reason.outcome !== 'ok') {
        return reason;
      }
      if (change.outcome !== 'ok') {
        return change;
      }
      const { key, number, actor } = change;
      await store.limits.clear(key, ['wrongCodes', 'failures']);
      events.emit('admin.unlocked', { ...number, actor, reason: reason.text });
      return { outcome: 'unlocked' };
    });
  }

  /**
   * Ends the trust in all devices of a number, e.g. when it has a new owner or a device was stolen. Their tokens are worth
   * nothing from then on: whoever holds one uses the public budgets, and may become trusted again by a right code.
   */
  revokeDevices(phoneNumber: string, options: RevokeDevicesOptions): Promise<RevokeDevicesResult> {
    return answeringLoss(async () => {
      const { events, store } = this.parts;
      const change = this.readChange(phoneNumber, options.actor);
      if (change.outcome !== 'ok') {
        return change;
      }
      const { key, number, actor } = change;
      const { devices } = await store.limits.numberState(key);
      await store.limits.clear(key, ['devices']);
      events.emit('admin.devices_revoked', { ...number, actor, devices });
      return { outcome: 'revoked', devices };
    });
  }

  /**
   * Ends all proofs that a number has earned until now, this second included: guards refuse them. Sessions that your
   * application gave for a proof are yours to end.
   */
  revokeProofs(phoneNumber: string, options: RevokeProofsOptions): Promise<RevokeProofsResult> {
    return answeringLoss(async () => {
      const { clock, events, index, store } = this.parts;
      const change = this.readChange(phoneNumber, options.actor);
      if (change.outcome !== 'ok') {
        return change;
      }
      const { handsetKey, number, actor } = change;
      await store.marks.put(index.mark(REVOKED_PROOFS, handsetKey), revokedAt(clock.now()), REVOKED_PROOFS_SECONDS);
      events.emit('admin.proofs_revoked', { ...number, actor });
      return { outcome: 'revoked' };
    });
  }

  /**
   * Removes the live challenges of a number with all that they hold: number, purpose and subject (sealed) and the hashed
   * code; its trusted devices, and when it was last answered. Its counters stay until their windows end, or erasing would
   * be a way to reset them; they are time stamps under a keyed hash. A challenge that is being issued at the same moment
   * may come after it.
   */
  erase(phoneNumber: string, options: EraseOptions): Promise<EraseResult> {
    return answeringLoss(async () => {
      const { events, store } = this.parts;
      const change = this.readChange(phoneNumber, options.actor);
      if (change.outcome !== 'ok') {
        return change;
      }
      const { key, number, actor } = change;
      const challenges = await store.challenges.clear(key);
      await store.limits.clear(key, ['devices', 'known']);
      events.emit('admin.erased', { ...number, actor, challenges });
      return { outcome: 'erased', challenges };
    });
  }

  private readChange(phoneNumber: string, actor: unknown): ReadChange | NoteRefused | NumberRefused {
    const note = readActor(actor, this.readPhoneNumber);
    if (note.outcome !== 'ok') {
      return note;
    }
    const read = this.read(phoneNumber);
    return read.outcome === 'ok' ? { ...read, actor: note.text } : read;
  }

  private read(phoneNumber: string): ReadNumber | NumberRefused {
    const reading = this.readPhoneNumber({ phoneNumber });
    if (reading.outcome !== 'ok') {
      return reading;
    }
    const key = this.parts.index.number(reading.number.handsetKey);
    return { outcome: 'ok', key, handsetKey: reading.number.handsetKey, number: eventNumber(reading.number, key) };
  }
}
