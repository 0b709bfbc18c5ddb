import { DEFAULT_PRICES } from 'nestjs-sms-otp';
import { HONEST_COUNTRIES, LAUNCH_COUNTRY, PUMPED_COUNTRIES } from './countries.js';

const RANGES = [...HONEST_COUNTRIES.map(({ country }) => country), LAUNCH_COUNTRY, ...PUMPED_COUNTRIES].flatMap(
  ({ code, ranges }) =>
    ranges.map((range) => ({ start: `+${range}`, price: DEFAULT_PRICES.countries?.[code] ?? DEFAULT_PRICES.default })),
);

/** What a message to the number costs by the module's own table, in US dollars. */
export function priceOf(number: string): number {
  return RANGES.find(({ start }) => number.startsWith(start))?.price ?? DEFAULT_PRICES.default;
}
