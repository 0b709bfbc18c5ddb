import type { Language } from './language.js';
import { asiaAndAfricaLatin } from './locales/asia-and-africa-latin.js';
import { centralEurope } from './locales/central-europe.js';
import { cyrillic } from './locales/cyrillic.js';
import { eastAsia } from './locales/east-asia.js';
import { indic } from './locales/indic.js';
import { northernEurope } from './locales/northern-europe.js';
import { otherScripts } from './locales/other-scripts.js';
import { rightToLeft } from './locales/right-to-left.js';
import { westernEurope } from './locales/western-europe.js';

/** BCP 47 tag in its canonical form → words. A further language is an entry in one of these files. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map(
  Object.entries({
    ...westernEurope,
    ...northernEurope,
    ...centralEurope,
    ...asiaAndAfricaLatin,
    ...cyrillic,
    ...otherScripts,
    ...rightToLeft,
    ...indic,
    ...eastAsia,
  }),
);

/** For whom nothing else is known. */
export const ENGLISH = { tag: 'en', language: westernEurope.en } as const;
