import type { Languages } from '../language.js';

/** Latin script. Icelandic needs letters outside GSM-7, and so does "valid" in Latvian. */
export const northernEurope: Languages = {
  sv: {
    english: 'Swedish',
    code: '{code} är din kod för {name}',
    details: '{code} är din kod hos {name} för {details}',
    lifetime: { one: 'Den gäller i 1 minut', other: 'Den gäller i {minutes} minuter' },
    secrecy: 'Dela den inte med någon',
  },
  da: {
    english: 'Danish',
    code: '{code} er din kode til {name}',
    details: '{code} er din kode hos {name} til {details}',
    lifetime: { one: 'Den udløber om 1 minut', other: 'Den udløber om {minutes} minutter' },
    secrecy: 'Del den ikke med nogen',
  },
  nb: {
    english: 'Norwegian (Bokmål)',
    code: '{code} er koden din for {name}',
    details: '{code} er koden din hos {name} for {details}',
    lifetime: { one: 'Den utløper om 1 minutt', other: 'Den utløper om {minutes} minutter' },
    secrecy: 'Ikke del den med noen',
  },
  // "To the service Acme": the name itself stays in the nominative.
  fi: {
    english: 'Finnish',
    code: '{code} on koodisi palveluun {name}',
    lifetime: { one: 'Se on voimassa 1 minuutin', other: 'Se on voimassa {minutes} minuuttia' },
    secrecy: 'Älä jaa sitä kenellekään',
  },
  is: {
    english: 'Icelandic',
    code: '{code} er kóðinn þinn hjá {name}',
    brief: '{code} er kóði {name}',
    lifetime: 'Gildir í {minutes} mín',
    secrecy: 'Ekki deila honum',
  },
  et: {
    english: 'Estonian',
    code: '{code} on teie {name} kood',
    lifetime: { one: 'Kehtib 1 minuti', other: 'Kehtib {minutes} minutit' },
    secrecy: 'Ärge jagage seda kellegagi',
  },
  lv: {
    english: 'Latvian',
    code: '{code} ir {name} kods',
    lifetime: 'Derīgs {minutes} min',
    secrecy: 'Nevienam to neizpaudiet',
  },
  lt: {
    english: 'Lithuanian',
    code: '{code} yra {name} kodas',
    lifetime: 'Galioja {minutes} min',
    secrecy: 'Niekam jo neatskleiskite',
  },
};
