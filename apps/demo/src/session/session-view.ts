import { maskPhoneNumber } from 'nestjs-sms-otp';
import type { Session } from './session.js';

/** What a client is told of its session. */
export interface SessionView {
  /** Country code and last two digits, e.g. `+31*******78`. */
  readonly phoneNumber: string;
  /** ISO 8601, UTC. */
  readonly signedInAt: string;
}

export function viewOf({ account, signedInAt }: Session): SessionView {
  return { phoneNumber: maskPhoneNumber(account.phoneNumber), signedInAt };
}
