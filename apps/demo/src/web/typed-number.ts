import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { z } from 'zod';

/** The fields of `PhoneFields` as a form sends them. */
export const typedNumber = z.object({ country: z.string().max(2), phoneNumber: z.string().max(40) });

export type NumberReading =
  | {
      readonly outcome: 'ok';
      /** E.164. */
      readonly phoneNumber: string;
    }
  | { readonly outcome: 'no_phone_number' | 'no_country' | 'invalid_phone_number' };

/** The one number that was typed. What may be sent to is for the module to say. */
export function readTypedNumber({ country, phoneNumber }: z.infer<typeof typedNumber>): NumberReading {
  // What comes along from address books: marks of direction, and the plus of full-width keyboards.
  const typed = phoneNumber
    .replace(/\p{Cf}/gu, '')
    .replace('＋', '+')
    .trim();
  if (typed === '') {
    return { outcome: 'no_phone_number' };
  }
  const region = countryOf(country);
  if (!typed.startsWith('+') && region === undefined) {
    return { outcome: 'no_country' };
  }
  const number = parsePhoneNumberFromString(typed, { ...(region && { defaultCountry: region }), extract: false });
  return number?.isValid() === true && number.ext === undefined
    ? { outcome: 'ok', phoneNumber: number.number }
    : { outcome: 'invalid_phone_number' };
}

/** A number in E.164 as people of all countries read it, in groups. */
export function spokenNumber(phoneNumber: string): string {
  return parsePhoneNumberFromString(phoneNumber)?.formatInternational() ?? phoneNumber;
}

function countryOf(code: string): CountryCode | undefined {
  return isSupportedCountry(code) ? code : undefined;
}
