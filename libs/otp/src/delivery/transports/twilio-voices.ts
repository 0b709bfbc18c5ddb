/**
 * What `<Say>` speaks where it names no voice, by Twilio's own names. Other languages need one of Amazon's or Google's, by name.
 * The first of a language also speaks for its other regions.
 */
export const VOICES = [
  'ca-ES',
  'da-DK',
  'de-DE',
  'en-US',
  'en-AU',
  'en-CA',
  'en-GB',
  'en-IN',
  'es-ES',
  'es-MX',
  'fi-FI',
  'fr-FR',
  'fr-CA',
  'it-IT',
  'ja-JP',
  'ko-KR',
  'nb-NO',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'ru-RU',
  'sv-SE',
  'zh-CN',
  'zh-HK',
  'zh-TW',
] as const;

/** The voice for a text in this language; `undefined` where nobody would understand it. */
export function findVoice(locale: string): (typeof VOICES)[number] | undefined {
  const { language: code, region } = new Intl.Locale(locale).maximize();
  const language = code === 'no' ? 'nb' : code; // two codes for what is spoken alike
  return (
    VOICES.find((voice) => voice === `${language}-${region}`) ??
    VOICES.find((voice) => voice.startsWith(`${language}-`))
  );
}
