import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../phone/channel.js';
import { isCountry } from '../phone/countries.js';
import { checkPrices, DEFAULT_PRICES, priceOf, type PriceTable } from './prices.js';

const TABLE: PriceTable = {
  default: 0.4,
  countries: { NL: 0.07, US: 0 },
  channels: { voice: { default: 0.9, countries: { NL: 0.02 } }, email: { default: 0.000_1 } },
};

describe('priceOf', () => {
  it.each([
    ['NL', 'sms', 70_000],
    ['US', 'sms', 0],
    ['DE', 'sms', 400_000],
    ['NL', 'whatsapp', 70_000],
    ['NL', 'voice', 20_000],
    ['US', 'voice', 900_000],
    ['NL', 'email', 100],
  ] as const)('a message to %s by %s costs %d millionths', (country, channel, millionths) => {
    expect(priceOf(TABLE, { country, channel })).toBe(millionths);
  });

  it('is whole for every default price and channel', () => {
    for (const country of [...Object.keys(DEFAULT_PRICES.countries ?? {}), 'KP']) {
      for (const channel of CHANNELS) {
        const price = priceOf(DEFAULT_PRICES, { country, channel });
        expect(Number.isSafeInteger(price) && price > 0, country).toBe(true);
      }
    }
  });

  it.each(['constructor', '__proto__', 'toString', ''])('%j is no listed country', (country) => {
    expect(priceOf(TABLE, { country, channel: 'sms' })).toBe(400_000);
    expect(priceOf({ default: 0.4 }, { country, channel: 'sms' })).toBe(400_000);
  });
});

describe('DEFAULT_PRICES', () => {
  const prices = Object.entries(DEFAULT_PRICES.countries ?? {});

  it('names real countries, each once, and passes its own check', () => {
    expect(prices.length).toBeGreaterThan(200);
    expect(prices.filter(([country]) => !isCountry(country))).toEqual([]);
    expect(checkPrices(DEFAULT_PRICES)).toBeUndefined();
  });

  it('a country that is not listed is dearer than all that are', () => {
    expect(Math.max(...prices.map(([, price]) => price))).toBeLessThan(DEFAULT_PRICES.default);
  });

  it('is in steps of half a cent', () => {
    expect(prices.filter(([, price]) => !Number.isInteger(Math.round(price * 1e6) / 5_000))).toEqual([]);
  });
});

describe('checkPrices', () => {
  it('takes a table of its own for every channel', () => {
    const channels = Object.fromEntries(CHANNELS.map((channel) => [channel, { default: 1 }]));
    expect(checkPrices({ default: 1, channels })).toBeUndefined();
    expect(checkPrices({ default: 1, channels: { ...channels, fax: { default: 1 } } })).toContain('"fax"');
  });

  it.each<[unknown]>([
    [TABLE],
    [{ default: 0 }],
    [{ default: 1000, countries: {} }],
    [{ default: 0.1, countries: undefined, channels: undefined }],
    [{ default: 0.1, channels: {} }],
    [{ default: 0.000_001 }],
  ])('nothing is wrong with %j', (table) => {
    expect(checkPrices(table)).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [undefined, 'must be a price table'],
    [null, 'must be a price table'],
    [[], 'must be a price table'],
    [0.5, 'must be a price table'],
    [{}, 'default must be'],
    [{ default: '0.5' }, 'default must be'],
    [{ default: -1 }, 'default must be'],
    [{ default: Number.NaN }, 'default must be'],
    [{ default: Number.POSITIVE_INFINITY }, 'default must be'],
    [{ default: 1000.01 }, 'default must be'],
    [{ default: 0.000_000_1 }, 'default must be'],
    [{ default: 0.5, NL: 0.1 }, 'contains "NL"'],
    [{ default: 0.5, countries: [] }, 'countries must be'],
    [{ default: 0.5, countries: { nl: 0.1 } }, 'countries contains "nl"'],
    [{ default: 0.5, countries: { UK: 0.1 } }, 'countries contains "UK"'],
    [{ default: 0.5, countries: { constructor: 0.1 } }, 'countries contains "constructor"'],
    [{ default: 0.5, countries: { NL: '0.1' } }, 'the price of NL must be'],
    [{ default: 0.5, countries: { NL: undefined } }, 'the price of NL must be'],
    [{ default: 0.5, channels: 'voice' }, 'channels must be'],
    [{ default: 0.5, channels: { fax: { default: 1 } } }, 'channels contains "fax"'],
    [{ default: 0.5, channels: { voice: 1 } }, 'channels.voice: must be a price table'],
    [{ default: 0.5, channels: { voice: {} } }, 'channels.voice: default must be'],
    [{ default: 0.5, channels: { voice: { default: 1, channels: {} } } }, 'channels.voice: contains "channels"'],
    [{ default: 0.5, channels: { voice: { default: 1, countries: { XX: 1 } } } }, 'channels.voice: countries contains'],
  ])('%j is told: %s', (table, problem) => {
    expect(checkPrices(table)?.startsWith(problem), checkPrices(table)).toBe(true);
  });
});
