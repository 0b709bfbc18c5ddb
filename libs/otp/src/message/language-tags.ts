import { remembered } from './remembered.js';

/** RFC 5646 §4.4.1: room for every usual tag. */
const MAX_TAG_LENGTH = 35;
const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** The locale if it has the form of a BCP 47 tag; applications pass on what browsers send. */
export function readLocale(locale: string | undefined): string | undefined {
  return locale !== undefined && locale.length <= MAX_TAG_LENGTH && TAG.test(locale) ? locale : undefined;
}

/** In the form of RFC 5646 §2.1.1, without extensions, and with today's codes: `no` stays, `iw` is `he`. */
export const canonicalTag = remembered((tag): string | undefined => parseTag(tag)?.baseName);

/**
 * The tags of this very language, the best first: the tag and ever shorter ones (lookup, RFC 4647 §3.4), but with the script
 * that it is written in before the language alone, so that `zh-TW` finds `zh-Hant`. Words in another script are none of its
 * words: who asks for `kk-Arab` need not be able to read `kk`, which is Cyrillic.
 */
export const lookupTags = remembered((tag): readonly string[] => {
  const locale = parseTag(tag);
  if (locale === undefined) {
    return [];
  }
  const { language, script = '', region = '' } = locale.maximize();
  return [
    ...truncations(locale),
    `${language}-${script}-${region}`,
    // Not a region that is only likely: who asks for `pt` asks for no words of Brazil.
    ...(locale.region === undefined ? [] : [`${language}-${region}`]),
    `${language}-${script}`,
    language,
    // Norwegian, without saying which.
    ...(language === 'no' ? lookupTags(`nb-${region}`) : []),
  ].filter((shorter) => (parseTag(shorter)?.maximize().script ?? script) === script);
});

/** Languages, as they are written or where they are spoken, whose readers read another as well. In no circle. */
const RELATED: ReadonlyMap<string, string> = new Map([
  ['az-Arab', 'fa'],
  ['bs-Cyrl', 'sr-Cyrl'],
  ['co-Latn', 'fr'],
  ['fy-Latn', 'nl'],
  ['gsw-Latn', 'de'],
  ['gsw-Latn-FR', 'fr'],
  // Who writes Hindi in Latin letters reads English (so do CLDR's parent locales).
  ['hi-Latn', 'en'],
  ['lb-Latn', 'de'],
  ['ms-Arab', 'ms-Latn'],
  ['nds-Latn', 'de'],
  ['nds-Latn-NL', 'nl'],
  ['nn-Latn', 'nb'],
  ['pa-Arab', 'ur'],
  ['sr-Latn', 'sr-Cyrl'],
  ['tg-Arab', 'fa'],
  ['uz-Arab', 'fa'],
  ['yue-Hans', 'zh-Hans'],
  ['yue-Hant', 'zh-Hant'],
  ['zh-Hant', 'zh-Hans'],
]);

/** Where to look for words that a reader of this language can read, the best first: `gsw-CH` finds `de-CH`, then `de`. */
export const readableTags = remembered((tag): readonly string[] => {
  const { language, script = '', region = '' } = parseTag(tag)?.maximize() ?? { language: '' };
  const written = `${language}-${script}`;
  const related = RELATED.get(`${written}-${region}`) ?? RELATED.get(written);
  return [...lookupTags(tag), ...(related === undefined ? [] : readableTags(`${related}-${region}`))];
});

/** `de-CH-1996`, `de-CH`: no further than the region, before which other tags come, and not the language alone. */
function truncations({ baseName, script, region }: Intl.Locale): string[] {
  const parts = baseName.split('-');
  const fewest = 1 + Math.max([script, region].filter((part) => part !== undefined).length, 1);
  return parts.slice(fewest - 1).map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** What else is read where the likeliest language has no words, or none that the application allows. */
const ALSO_READ: ReadonlyMap<string, readonly string[]> = new Map([
  ['BE', ['fr', 'de']],
  ['BI', ['fr']],
  ['BQ', ['nl']],
  ['BY', ['be']],
  ['CA', ['fr']],
  ['CF', ['fr']],
  ['CH', ['fr', 'it']],
  ['CW', ['nl']],
  ['DZ', ['fr']],
  ['FI', ['sv']],
  ['FO', ['da']],
  ['GL', ['da']],
  ['HT', ['fr']],
  ['KG', ['ru']],
  ['KZ', ['kk']],
  ['LU', ['de']],
  ['MA', ['fr']],
  ['MG', ['fr']],
  ['ML', ['fr']],
  ['NE', ['fr']],
  ['PY', ['es']],
  ['SN', ['fr']],
  ['TJ', ['ru']],
  ['TM', ['ru']],
  ['TN', ['fr']],
]);

/**
 * Where services write to people in English though the likeliest language is another, which only a part of the country reads
 * (Hindi in India, Sinhala in Sri Lanka) or which is spoken more than written (Swahili in Uganda). Only countries of which
 * this is sure: Tanzania writes Swahili, Bangladesh Bengali. A language that a request names goes before all of it.
 */
const ENGLISH_FIRST: ReadonlySet<string> = new Set(['GH', 'IN', 'KE', 'LK', 'NA', 'PH', 'PK', 'SS', 'UG']);

/**
 * What to write to a number of a country where no language was asked for: English where services do, then its likeliest
 * language (CLDR's likely subtags), then others that are read there.
 */
export const countryTags = remembered((country): readonly string[] => {
  const likely = parseTag(`und-${country}`)?.maximize().baseName;
  return [
    ...(ENGLISH_FIRST.has(country) ? [`en-${country}`] : []),
    ...(likely === undefined ? [] : [likely]),
    ...(ALSO_READ.get(country) ?? []),
  ];
});

function parseTag(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag);
  } catch {
    return undefined;
  }
}
