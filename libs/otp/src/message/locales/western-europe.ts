import type { Languages } from '../language.js';

/** Latin script. Portuguese, Galician, Irish and Maltese need letters outside GSM-7; the others do without. */
export const westernEurope = {
  en: {
    english: 'English',
    code: '{code} is your {name} code',
    details: '{code} is your {name} code for {details}',
    lifetime: { one: 'It expires in 1 minute', other: 'It expires in {minutes} minutes' },
    secrecy: 'Never share it',
  },
  de: {
    english: 'German',
    code: '{code} ist Ihr Code für {name}',
    details: '{code} ist Ihr Code bei {name} für {details}',
    lifetime: { one: 'Er gilt 1 Minute', other: 'Er gilt {minutes} Minuten' },
    secrecy: 'Geben Sie ihn nicht weiter',
  },
  fr: {
    english: 'French',
    code: '{code} est votre code {name}',
    details: '{code} est votre code {name} pour {details}',
    lifetime: { one: 'Il expire dans 1 minute', other: 'Il expire dans {minutes} minutes' },
    secrecy: 'Ne le communiquez à personne',
  },
  // "Clave" and not "código", whose accent would leave 70 characters.
  es: {
    english: 'Spanish',
    code: '{code} es tu clave de {name}',
    details: '{code} es tu clave de {name} para {details}',
    lifetime: { one: 'Caduca en 1 minuto', other: 'Caduca en {minutes} minutos' },
    secrecy: 'No la compartas con nadie',
  },
  it: {
    english: 'Italian',
    code: '{code} è il tuo codice {name}',
    details: '{code} è il tuo codice {name} per {details}',
    lifetime: { one: 'Scade tra 1 minuto', other: 'Scade tra {minutes} minuti' },
    secrecy: 'Non condividerlo con nessuno',
  },
  // Words that are the same in Brazil and in Portugal.
  pt: {
    english: 'Portuguese',
    code: '{code} é o seu código {name}',
    brief: '{code}: código {name}',
    details: '{code} é o seu código {name} para {details}',
    lifetime: 'Válido por {minutes} min',
    secrecy: 'Não o divulgue',
  },
  nl: {
    english: 'Dutch',
    code: '{code} is je code voor {name}',
    details: '{code} is je code bij {name} voor {details}',
    lifetime: { one: 'Hij verloopt over 1 minuut', other: 'Hij verloopt over {minutes} minuten' },
    secrecy: 'Deel hem met niemand',
  },
  // "Per a" and not "de", which would become "d'" before a vowel.
  ca: {
    english: 'Catalan',
    code: '{code} és el teu codi per a {name}',
    lifetime: { one: 'Caduca en 1 minut', other: 'Caduca en {minutes} minuts' },
    secrecy: 'No el comparteixis',
  },
  gl: {
    english: 'Galician',
    code: '{code} é o teu código de {name}',
    brief: '{code}: código {name}',
    details: '{code} é o teu código de {name} para {details}',
    lifetime: 'Caduca en {minutes} min',
    secrecy: 'Non o compartas',
  },
  eu: {
    english: 'Basque',
    code: '{code} da zure {name} kodea',
    lifetime: { one: 'Minutu batez balio du', other: '{minutes} minutuz balio du' },
    secrecy: 'Ez partekatu inorekin',
  },
  ga: {
    english: 'Irish',
    code: '{code} – do chód {name}',
    brief: '{code} – cód {name}',
    lifetime: 'Bailí ar feadh {minutes} nóiméad',
    secrecy: 'Ná roinn é',
  },
  mt: {
    english: 'Maltese',
    code: '{code} huwa l-kodiċi {name} tiegħek',
    brief: '{code}: kodiċi {name}',
    lifetime: 'Jiskadi wara {minutes} min',
    secrecy: 'Tgħidu lil ħadd',
  },
} satisfies Languages;
