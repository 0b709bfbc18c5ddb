/** Where pumping pays. Visitors of the demo rarely have numbers there, so that they do not share a budget with attacks. */
export interface TargetCountry {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** Calling code, a mobile range, and one digit more that sets the targets apart from other numbers. */
  readonly range: string;
  /** Digits after the range; the last four make up a prefix. */
  readonly restDigits: number;
}

export interface TargetNumber {
  /** E.164. */
  readonly number: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

const PREFIX_DIGITS = 4;

/** Whose own budgets attacks use up. */
export const PUMPED_COUNTRIES: readonly TargetCountry[] = [
  { code: 'MG', range: '+261329', restDigits: 6 },
  { code: 'JO', range: '+962799', restDigits: 6 },
  { code: 'ID', range: '+628129', restDigits: 7 },
  { code: 'PS', range: '+970599', restDigits: 6 },
  { code: 'KG', range: '+9965559', restDigits: 5 },
  { code: 'BD', range: '+880179', restDigits: 7 },
  { code: 'DZ', range: '+213559', restDigits: 6 },
  { code: 'LK', range: '+94719', restDigits: 6 },
  { code: 'PK', range: '+923009', restDigits: 6 },
  { code: 'TN', range: '+21629', restDigits: 6 },
  { code: 'AZ', range: '+994509', restDigits: 6 },
  { code: 'NG', range: '+2348039', restDigits: 6 },
  { code: 'SN', range: '+221779', restDigits: 6 },
];

/** Those of attacks on one number or prefix, so that a run is not refused for what another did to the country. */
export const QUIET_COUNTRIES: readonly TargetCountry[] = [
  { code: 'UZ', range: '+998909', restDigits: 6 },
  { code: 'TJ', range: '+992929', restDigits: 6 },
  { code: 'MM', range: '+959799', restDigits: 6 },
  { code: 'VN', range: '+84919', restDigits: 6 },
  { code: 'IQ', range: '+964799', restDigits: 7 },
  { code: 'LY', range: '+218919', restDigits: 6 },
  { code: 'YE', range: '+967719', restDigits: 6 },
];

export const TARGET_COUNTRIES: readonly TargetCountry[] = [...PUMPED_COUNTRIES, ...QUIET_COUNTRIES];

/** A country for each number, round and round. */
export function countryAt(countries: readonly TargetCountry[], which: number): TargetCountry {
  const country = countries[which % countries.length];
  if (country === undefined) {
    throw new RangeError('Countries are chosen by whole numbers from 0 on');
  }
  return country;
}

/** The `n`th number of a prefix; prefixes and numbers begin anew after the last. */
export function targetNumber({ code, range, restDigits }: TargetCountry, prefix: number, n: number): TargetNumber {
  return {
    number: `${range}${lastDigits(prefix, restDigits - PREFIX_DIGITS)}${lastDigits(n, PREFIX_DIGITS)}`,
    country: code,
  };
}

/** Whether attacks send to the number (E.164); the simulated phone shows no such messages. */
export function isTarget(phoneNumber: string): boolean {
  return TARGET_COUNTRIES.some(({ range }) => phoneNumber.startsWith(range));
}

function lastDigits(n: number, count: number): string {
  return String(n % 10 ** count).padStart(count, '0');
}
