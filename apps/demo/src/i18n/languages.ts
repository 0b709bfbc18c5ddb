import Negotiator from 'negotiator';

/** The languages of the pages; the first is for browsers that ask for none of them. */
export const LANGUAGES = ['en', 'nl', 'fr', 'de', 'es', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language of the pages that the browser likes best (RFC 9110 §12.5.4). */
export function chooseLanguage(acceptLanguage: string | undefined): Language {
  const [chosen] = negotiator(acceptLanguage).languages([...LANGUAGES]);
  return LANGUAGES.find((language) => language === chosen) ?? LANGUAGES[0];
}

/** The country that the browser's first language names, e.g. `BE` of `nl-BE`: where its person's number probably belongs. */
export function regionOf(acceptLanguage: string | undefined): string | undefined {
  const [first] = negotiator(acceptLanguage).languages();
  try {
    return new Intl.Locale(first ?? '').region;
  } catch {
    return undefined;
  }
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

function negotiator(acceptLanguage: string | undefined): Negotiator {
  return new Negotiator({ headers: { 'accept-language': acceptLanguage } });
}
