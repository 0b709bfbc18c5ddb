import { Logger } from '@nestjs/common';
import type { Purpose } from '../challenge/purpose.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';

/** Where a message would go. */
export interface OtpDestination {
  /** E.164. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly purpose: string;
}

/** Whether a message may go there; asked before anything is spent. */
export type AllowDestination = (destination: OtpDestination) => boolean | Promise<boolean>;

/** The answer when the application says no; the reason is its own. */
export const NOT_ALLOWED = {
  outcome: 'destination_not_allowed',
  detail: 'No messages are sent to this number.',
} as const;

const logger = new Logger('Otp');

/** Asks the application; what it throws is no. Without a function every destination is allowed. */
export async function isAllowed(
  allow: AllowDestination | undefined,
  { number, purpose }: { readonly number: PhoneNumber; readonly purpose: Purpose },
): Promise<boolean> {
  if (allow === undefined) {
    return true;
  }
  try {
    const answer: unknown = await allow({
      phoneNumber: number.e164,
      country: number.country,
      purpose: purpose.name,
    });
    return answer === true;
  } catch {
    // What was thrown may repeat the number it was asked about.
    logger.error('destinations.allow threw an error, so the message was refused');
    return false;
  }
}
