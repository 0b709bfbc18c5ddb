import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { maskNumber } from './mask-number.js';

/**
 * A number as it may be shown or logged: country code and last two digits, e.g. `+31*******78`; `***` for what is no
 * international number, or too short to have a digit hidden.
 */
export function maskPhoneNumber(phoneNumber: string): string {
  const parsed = parsePhoneNumberFromString(phoneNumber, { extract: false });
  const masked = parsed && maskNumber(parsed.number, parsed.countryCallingCode);
  return masked?.includes('*') ? masked : '***';
}
