import type { Language } from '../i18n/languages.js';

/** An amount such as `12.50 EUR` with the decimal sign of a language: the same on the page and in the message, without grouping. */
export function shownAmount(amount: string, language: Language): string {
  const parts = new Intl.NumberFormat(`${language}-u-nu-latn`).formatToParts(0.5);
  return amount.replace('.', parts.find(({ type }) => type === 'decimal')?.value ?? '.');
}
