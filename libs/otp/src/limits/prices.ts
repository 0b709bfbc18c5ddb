import { type Channel, CHANNELS } from '../phone/channel.js';
import { isCountry } from '../phone/countries.js';
import { DEFAULT_SMS_PRICES } from './default-prices.js';

/** What one message costs, by the country of the number. */
export interface CountryPrices {
  /** For countries that are not listed; err on the expensive side, for they are where fraud goes. */
  readonly default: number;
  /** By ISO 3166-1 alpha-2 code. @default none */
  readonly countries?: Readonly<Record<string, number>>;
}

/**
 * Prices of messages, in one currency of your choice (that of `perDay`). Each is 0 to 1000 and counts to the millionth.
 *
 * @example
 * const prices: PriceTable = {
 *   ...DEFAULT_PRICES,
 *   countries: { ...DEFAULT_PRICES.countries, NL: 0.08 }, // your contract's
 *   channels: { email: { default: 0.0001 } },
 * };
 */
export interface PriceTable extends CountryPrices {
  /** Tables of their own; a channel without one costs what the table itself says. @default none */
  readonly channels?: Readonly<Partial<Record<Channel, CountryPrices>>>;
}

export interface Priced {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly channel: Channel;
}

/** Public prices of an SMS in US dollars, rounded up (docs/prices.md); the default is above all of them. */
export const DEFAULT_PRICES: PriceTable = { default: 0.5, countries: DEFAULT_SMS_PRICES };

const MILLIONTHS = 1_000_000;
const MOST = 1000;

/** What one message costs in whole millionths of the currency: 0 or more. */
export function priceOf(table: PriceTable, { country, channel }: Priced): number {
  const { default: fallback, countries } = table.channels?.[channel] ?? table;
  const price = countries !== undefined && Object.hasOwn(countries, country) ? countries[country] : undefined;
  // Rounded, not cut: 0.07 millions is 70000.00000000001.
  return Math.round((price ?? fallback) * MILLIONTHS);
}

/** What is wrong with a price table, in words; `undefined` when nothing is. */
export function checkPrices(value: unknown): string | undefined {
  if (!isObject(value)) {
    return 'must be a price table, e.g. { default: 0.5, countries: { US: 0.015 } }';
  }
  const { channels, ...prices } = value;
  const problem = checkCountryPrices(prices);
  if (problem !== undefined || channels === undefined) {
    return problem;
  }
  if (!isObject(channels)) {
    return 'channels must be an object, e.g. { voice: { default: 0.5 } }';
  }
  for (const [channel, table] of Object.entries(channels)) {
    if (!CHANNELS.some((known) => known === channel)) {
      return `channels contains ${JSON.stringify(channel)}, which is no channel; there are ${CHANNELS.join(', ')}`;
    }
    const wrong = isObject(table) ? checkCountryPrices(table) : 'must be a price table, e.g. { default: 0.5 }';
    if (wrong !== undefined) {
      return `channels.${channel}: ${wrong}`;
    }
  }
  return undefined;
}

function checkCountryPrices({ default: fallback, countries, ...rest }: Readonly<Record<string, unknown>>) {
  const [stranger] = Object.keys(rest);
  if (stranger !== undefined) {
    return `contains ${JSON.stringify(stranger)}, which is no part of a price table; prices of countries stand under 'countries'`;
  }
  if (!isPrice(fallback)) {
    return `default must be the price of a message to any other country, ${RANGE}`;
  }
  if (countries === undefined) {
    return undefined;
  }
  if (!isObject(countries)) {
    return 'countries must be an object of prices by country, e.g. { US: 0.015 }';
  }
  for (const [country, price] of Object.entries(countries)) {
    if (!isCountry(country)) {
      return `countries contains ${JSON.stringify(country)}, which is no country; write ISO 3166-1 alpha-2 codes in capitals, e.g. "NL", "GB"`;
    }
    if (!isPrice(price)) {
      return `the price of ${country} must be ${RANGE}`;
    }
  }
  return undefined;
}

const RANGE = `0 or a number from 0.000001 to ${MOST}`;

/** Nothing between 0 and a millionth: it would count as free. */
function isPrice(value: unknown): value is number {
  return typeof value === 'number' && (value === 0 || (value >= 1 / MILLIONTHS && value <= MOST));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
