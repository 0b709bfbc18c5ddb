import { IntlMessageFormat } from 'intl-messageformat';
import { countSegments } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from './languages.js';
import { TEXTS, type TextKey } from './texts/index.js';
import { wordsOf } from './words.js';

/** What is right to say in the same letters as in English. */
const SAME_AS_ENGLISH: Partial<Record<TextKey, { readonly languages: readonly Language[]; readonly because: string }>> =
  {
    'frame.bank': { languages: ['nl', 'fr', 'de', 'es', 'ar'], because: 'a name' },
    'phone.channel.whatsapp': { languages: ['nl', 'fr', 'de', 'es'], because: 'a brand' },
    'phone.cost': { languages: ['nl', 'fr', 'de', 'es', 'ar'], because: 'a number format alone' },
    'transfer.iban': { languages: ['nl', 'fr', 'de', 'es'], because: 'an international abbreviation' },
    'attack.cost': { languages: ['nl', 'fr', 'de', 'es', 'ar'], because: 'a number format alone' },
    'codeStep.label': { languages: ['nl', 'fr', 'de'], because: 'the same word' },
  };

/** In Arabic these need no isolates: Latin digits keep their order, and the words of a wait are Arabic. */
const NOT_ISOLATED = new Set(['code', 'count', 'digits', 'wanted', 'given', 'wait']);

/** Sent as messages: the quotes and spaces of print are not in GSM-7, and would double what they cost. */
const MESSAGES: readonly TextKey[] = ['numberChange.message', 'transfer.message'];

/** The parser's number for a piece of text; its names for them are not exported. */
const LITERAL = 0;

type Message = ReturnType<IntlMessageFormat['getAst']>;
interface Argument {
  readonly name: string;
  /** The forms that it chooses from, where it chooses. */
  readonly forms: readonly string[];
  readonly isPlural: boolean;
}

function argumentsOf(message: Message): Argument[] {
  return message.flatMap((element) => {
    if ('options' in element) {
      const inside = Object.values(element.options).flatMap(({ value }) => argumentsOf(value));
      const isPlural = 'pluralType' in element;
      return [{ name: element.value, forms: Object.keys(element.options), isPlural }, ...inside];
    }
    if ('children' in element) {
      return argumentsOf(element.children);
    }
    const type: number = element.type;
    const isText = type === LITERAL || !('value' in element);
    return isText ? [] : [{ name: element.value, forms: [], isPlural: false }];
  });
}

const parse = (text: string) => argumentsOf(new IntlMessageFormat(text, 'en').getAst());
const namesIn = (text: string) => new Set(parse(text).map(({ name }) => name));

const KEYS = Object.keys(TEXTS.en).filter((key) => isTextKey(key));
const textsIn = (language: Language) => KEYS.map((key) => ({ key, text: TEXTS[language][key] }));
const isSame = (key: TextKey, language: Language) => SAME_AS_ENGLISH[key]?.languages.includes(language) === true;

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(TEXTS.en, key);
}

describe.each(LANGUAGES)('the texts in %s', (language) => {
  const texts = textsIn(language);
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;

  it('can be read and take the values of the English ones', () => {
    for (const { key, text } of texts) {
      expect(namesIn(text), key).toEqual(namesIn(TEXTS.en[key]));
    }
  });

  it('have each plural that the language has, and none that it lacks', () => {
    for (const { key, text } of texts) {
      for (const { forms } of parse(text).filter(({ isPlural }) => isPlural)) {
        const named = forms.map((form) => (form === '=0' ? 'zero' : form));
        const known = forms.includes('=0') ? [...categories, 'zero'] : categories;
        expect(named, key).toEqual(expect.arrayContaining(categories));
        expect(known, key).toEqual(expect.arrayContaining(named));
      }
    }
  });

  it('are written in composed letters, without spaces that are too many', () => {
    for (const { key, text } of texts) {
      expect(text.normalize('NFC'), key).toBe(text);
      expect(text.trim(), key).toBe(text);
      expect(text, key).not.toMatch(/\s{2}|[\n\t]/);
    }
  });
});

describe.each(LANGUAGES.filter((language) => language !== 'en'))('the translation to %s', (language) => {
  const texts = textsIn(language);

  it('says nothing in English, except what is the same', () => {
    const same = texts.filter(({ key, text }) => text === TEXTS.en[key]).map(({ key }) => key);
    expect(same).toEqual(KEYS.filter((key) => isSame(key, language)));
  });

  it('has the quotes and apostrophes of print', () => {
    for (const { key, text } of texts.filter((said) => !MESSAGES.includes(said.key))) {
      expect(text, key).not.toMatch(/['"]/);
    }
  });
});

it('the French text has narrow spaces that do not break before ; : ? ! and inside « »', () => {
  for (const { key, text } of textsIn('fr')) {
    expect(text, key).not.toMatch(/[ \u00a0](?!::)[;:?!»]|«[^\u202f]|[^\u202f]»/);
  }
});

describe('the Arabic text', () => {
  it('is in Arabic letters', () => {
    for (const { key, text } of textsIn('ar').filter((said) => !isSame(said.key, 'ar'))) {
      expect(text, key).toMatch(/\p{Script=Arabic}/u);
    }
  });

  it('isolates what comes in from elsewhere, so that + and digits keep their order', () => {
    for (const { key, text } of textsIn('ar')) {
      for (const [argument, before, name = '', after] of text.matchAll(/(.?)\{(\w+)\}(.?)/gu)) {
        const isIsolated = before === '\u2068' && after === '\u2069';
        expect(isIsolated || NOT_ISOLATED.has(name), `${key}: ${argument}`).toBe(true);
      }
      expect(text.split('\u2068').length, key).toBe(text.split('\u2069').length);
    }
  });
});

describe.each(LANGUAGES)('what is sent in %s', (language) => {
  it('D4 the notice of a changed number fits one segment', () => {
    expect(countSegments(TEXTS[language]['numberChange.message']).segments).toBe(1);
  });

  it('U3 the message of a transfer begins with the code and stays in GSM-7 where the alphabet does', () => {
    const text = wordsOf(language).t('transfer.message', {
      code: '012345',
      amount: '10000.00 EUR',
      payee: 'Janssen & Zonen Installatietechniek',
      iban: 'NL91 ABNA 0417 1643 00',
    });
    expect(text).toMatch(/^012345 /);
    expect(countSegments(`${text}\n\n@bank.example #012345`).segments).toBeLessThanOrEqual(language === 'ar' ? 3 : 2);
    expect(countSegments(text).encoding).toBe(language === 'ar' ? 'UCS-2' : 'GSM-7');
  });
});
