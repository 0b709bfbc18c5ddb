import { IntlMessageFormat } from 'intl-messageformat';
import { directionOf, type Language } from './languages.js';
import { TEXTS, type TextKey } from './texts/index.js';

export type TextValues = Readonly<Record<string, string | number>>;
export type Translate = (key: TextKey, values?: TextValues) => string;

/** Everything that a page says in one language. */
export interface Words {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** The text of a key, with its values put in. */
  readonly t: Translate;
  /** An amount of euros. */
  readonly money: (cents: number) => string;
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
  /** In UTC, which it says. */
  readonly dateTime: (iso: string) => string;
  /** Of the day. */
  readonly time: (iso: string) => string;
  readonly country: (code: string) => string;
}

const words = new Map<Language, Words>();

export function wordsOf(language: Language): Words {
  const known = words.get(language) ?? createWords(language);
  words.set(language, known);
  return known;
}

function createWords(language: Language): Words {
  // Codes, numbers and amounts stand beside each other: one kind of digits for all of them.
  const locale = `${language}-u-nu-latn`;
  const messages = new Map<TextKey, IntlMessageFormat>();
  const regions = new Intl.DisplayNames(language, { type: 'region' });
  const euros = new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' });
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const moments = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  });
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone: 'UTC' });
  return {
    language,
    direction: directionOf(language),
    t: (key, values) => {
      const message = messages.get(key) ?? new IntlMessageFormat(TEXTS[language][key], locale);
      messages.set(key, message);
      return String(message.format(values));
    },
    money: (cents) => euros.format(cents / 100),
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    dateTime: (iso) => moments.format(new Date(iso)),
    time: (iso) => times.format(new Date(iso)),
    country: (code) => regions.of(code) ?? code,
  };
}
