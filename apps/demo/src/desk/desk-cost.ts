import type { Channel, CountryPrices, PriceTable } from 'nestjs-sms-otp';

export interface CostRules {
  readonly prices: PriceTable;
  /** The money budget of any 24 hours, in the currency of `prices`; missing where none is set. */
  readonly perDay?: number;
}

/** Messages to one country by one channel. */
export interface MessageCount {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly channel: string;
  readonly count: number;
}

export interface CostRow extends MessageCount {
  readonly amount: number;
}

/** In the currency of the price table. */
export interface Cost {
  readonly spent: number;
  readonly perDay?: number;
  /** Dearest first. */
  readonly rows: readonly CostRow[];
}

/**
 * An estimate: events do not tell how many segments a message had, so each counts as one. The module's own budget charges
 * every segment and any 24 hours to the minute, and is what refuses.
 */
export function costOf(messages: readonly MessageCount[], { prices, perDay }: CostRules): Cost {
  const rows = messages.map((row) => ({ ...row, amount: row.count * priceOf(prices, row) }));
  return {
    spent: rows.reduce((sum, { amount }) => sum + amount, 0),
    ...(perDay !== undefined && { perDay }),
    rows: rows.toSorted((a, b) => b.amount - a.amount),
  };
}

function priceOf(table: PriceTable, { country, channel }: MessageCount): number {
  const channels: Readonly<Partial<Record<Channel, CountryPrices>>> = table.channels ?? {};
  const own = Object.entries(channels).find(([name]) => name === channel)?.[1] ?? table;
  return new Map(Object.entries(own.countries ?? {})).get(country) ?? own.default;
}
