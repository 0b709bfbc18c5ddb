import { parsePhoneNumberFromString, type CountryCode, type PhoneNumberType } from 'libphonenumber-js/max';
import { checkCountries, isCountry } from './countries.js';
import { formerNumberDetail, isRetired } from './former-numbers.js';
import { aliasOf, handsetKeyOf } from './handset-key.js';
import { maskNumber } from './mask-number.js';
import type { PhoneInput, PhoneReading } from './phone-number.types.js';
import { readTypedNumber } from './typed-number.js';

export interface PhoneReaderOptions {
  /**
   * ISO 3166-1 alpha-2 codes of the countries whose numbers are admitted. The number's real country counts and not its
   * calling code: `+1 876 …` is Jamaica, `+44 7781 …` Guernsey. @default all countries
   */
  readonly countries?: readonly string[];
}

export type PhoneReader = (input: PhoneInput) => PhoneReading;

/**
 * The types of number that a text message reaches. Where a country's plan does not tell mobile from landline (North
 * America) the number may; a number of no type at all is not valid in the metadata used here.
 */
const RECEIVING_TYPES: ReadonlySet<PhoneNumberType> = new Set<PhoneNumberType>(['MOBILE', 'FIXED_LINE_OR_MOBILE']);

const NOT_VALID = 'This is not a valid phone number. Check it, and its country code.';

/**
 * The one way from what somebody typed to a number that may get a message. Keeps nothing between calls, and no answer
 * repeats what was typed.
 *
 * @throws Error when `countries` is wrong.
 */
export function createPhoneReader({ countries }: PhoneReaderOptions = {}): PhoneReader {
  const problem = countries === undefined ? undefined : checkCountries(countries);
  if (problem !== undefined) {
    throw new Error(`countries ${problem}`);
  }
  const admitted = countries === undefined ? undefined : new Set<string>(countries);

  return ({ phoneNumber, country }) => {
    if (country !== undefined && !isCountry(country)) {
      return invalid('The country must be a two-letter ISO code in capitals, for example NL.');
    }
    const typed = readTypedNumber(phoneNumber);
    if (typed.outcome === 'invalid') {
      return invalid(typed.detail);
    }
    if (!typed.international && country === undefined) {
      return invalid('Start the number with + and the country code, or choose a country.');
    }
    return admit(parse(typed.digits, country), admitted);
  };
}

function parse(digits: string, country: CountryCode | undefined) {
  return parsePhoneNumberFromString(
    digits,
    country === undefined ? { extract: false } : { extract: false, defaultCountry: country },
  );
}

function admit(parsed: ReturnType<typeof parse>, admitted: ReadonlySet<string> | undefined): PhoneReading {
  if (parsed === undefined) {
    return invalid(NOT_VALID);
  }
  const e164 = parsed.number;
  // Every plan in the full metadata has types, so a type means that the number is valid: one matching instead of two.
  const type = parsed.getType();
  if (type === undefined || isRetired(e164)) {
    return invalid(formerNumberDetail(e164) ?? NOT_VALID);
  }
  // An alias may stand under another country's calling code.
  const country = aliasOf(e164)?.country ?? parsed.country;
  // Satellite, international freephone and premium networks belong to no country.
  if (country === undefined || !RECEIVING_TYPES.has(type)) {
    return notAllowed(formerNumberDetail(e164) ?? 'This number cannot get text messages. Enter a mobile number.');
  }
  if (admitted !== undefined && !admitted.has(country)) {
    return notAllowed('No messages are sent to numbers of this country.');
  }
  return {
    outcome: 'ok',
    number: {
      e164,
      country,
      handsetKey: handsetKeyOf(e164),
      masked: maskNumber(e164, parsed.countryCallingCode),
    },
  };
}

function invalid(detail: string): PhoneReading {
  return { outcome: 'invalid_phone_number', detail };
}

function notAllowed(detail: string): PhoneReading {
  return { outcome: 'destination_not_allowed', detail };
}
