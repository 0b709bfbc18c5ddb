const MAX_CENTS = 1_000_000;

/** Cents of an amount as people write it, `12`, `12.5`, `12,50`; `undefined` outside of 0.01 to 10,000.00 euros. */
export function readAmount(typed: string): number | undefined {
  const { euros = '', rest = '' } = /^(?<euros>\d{1,5})(?:[.,](?<rest>\d{1,2}))?$/.exec(typed.trim())?.groups ?? {};
  const cents = Number(euros) * 100 + Number(rest.padEnd(2, '0'));
  return euros !== '' && cents >= 1 && cents <= MAX_CENTS ? cents : undefined;
}
