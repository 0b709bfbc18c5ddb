import type { Languages } from '../language.js';

/**
 * Latin script, from Poland to Turkey. Czech, Slovak and Hungarian write "code" with an accent; the others have words inside
 * GSM-7 for all that matters.
 */
export const centralEurope: Languages = {
  pl: {
    english: 'Polish',
    code: '{code} to kod do {name}',
    details: '{code} to kod {name} na {details}',
    lifetime: 'Wygasa za {minutes} min',
    secrecy: 'Nie podawaj go nikomu',
  },
  cs: {
    english: 'Czech',
    code: '{code} je váš kód {name}',
    brief: '{code} je kód {name}',
    lifetime: 'Platí {minutes} min',
    secrecy: 'Nikomu jej nesdělujte',
  },
  sk: {
    english: 'Slovak',
    code: '{code} je váš kód {name}',
    brief: '{code} je kód {name}',
    lifetime: 'Platí {minutes} min',
    secrecy: 'Nikomu ho neprezrádzajte',
  },
  hu: {
    english: 'Hungarian',
    code: '{code} az Ön {name} kódja',
    brief: '{code} – {name} kód',
    lifetime: '{minutes} percig érvényes',
    secrecy: 'Ne adja meg senkinek',
  },
  ro: {
    english: 'Romanian',
    code: '{code} este codul dvs. {name}',
    lifetime: 'Valabil {minutes} min',
    secrecy: 'A nu se divulga',
  },
  hr: {
    english: 'Croatian',
    code: '{code} je kod za {name}',
    lifetime: 'Vrijedi {minutes} min',
    secrecy: 'Nikome ga ne otkrivajte',
  },
  bs: {
    english: 'Bosnian',
    code: '{code} je kod za {name}',
    lifetime: 'Vrijedi {minutes} min',
    secrecy: 'Nikome ga ne otkrivajte',
  },
  'sr-Latn': {
    english: 'Serbian (Latin)',
    code: '{code} je kod za {name}',
    lifetime: 'Važi {minutes} min',
    secrecy: 'Nikome ga ne otkrivajte',
  },
  sl: {
    english: 'Slovenian',
    code: '{code} je koda za {name}',
    lifetime: 'Velja {minutes} min',
    secrecy: 'Ne zaupajte je nikomur',
  },
  sq: {
    english: 'Albanian',
    code: '{code}: kodi juaj {name}',
    lifetime: { one: 'Skadon pas 1 minute', other: 'Skadon pas {minutes} minutash' },
    secrecy: 'Mos ia tregoni askujt',
  },
  tr: {
    english: 'Turkish',
    code: '{code}, {name} kodunuzdur',
    lifetime: 'Süresi {minutes} dakika',
    secrecy: 'Kimseye vermeyin',
  },
};
