import { describe, expect, it } from 'vitest';
import { isRightToLeft } from './bidi.js';
import { LANGUAGES } from './languages.js';
import { countSegments } from './segments.js';
import { canonicalTag } from './language-tags.js';

const OFFICIAL_IN_THE_EU = 'bg hr cs da nl en et fi fr de el hu ga it lv lt mt pl pt ro sk sl es sv'.split(' ');
const MANY_USERS = 'ru uk tr ar he fa ur hi bn ta te mr th vi id ms fil zh zh-Hant ja ko sw'.split(' ');

describe('LANGUAGES', () => {
  it('U3 are at least 40, with all official ones of the EU', () => {
    expect(LANGUAGES.size).toBeGreaterThanOrEqual(40);
    for (const tag of [...OFFICIAL_IN_THE_EU, ...MANY_USERS]) {
      expect(LANGUAGES.has(tag), tag).toBe(true);
    }
    expect(new Set([...LANGUAGES.values()].map(({ english }) => english)).size).toBe(LANGUAGES.size);
  });

  describe.each([...LANGUAGES])('%s', (tag, language) => {
    const { code, brief, details, lifetime, secrecy, join = '. ', end = '.' } = language;
    const lifetimes = typeof lifetime === 'string' ? [lifetime] : Object.values(lifetime);
    const openings = [code, brief, details].filter((text) => text !== undefined);
    const sentences = [...openings, ...lifetimes, secrecy];

    it('has a canonical tag', () => {
      expect(canonicalTag(tag)).toBe(tag);
    });

    it('is written in composed letters, on one line, with nothing unseen', () => {
      for (const text of [...sentences, join, end]) {
        expect(text).toBe(text.normalize('NFC'));
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u00a0\u200b\u200e\u200f\u202a-\u202e]|\s{2}/u);
      }
    });

    it('U3 puts the code first and then its own words, and says each thing once', () => {
      for (const opening of openings) {
        expect(opening).toMatch(/^\{code\}[^{]*[\p{L}\p{P}\u2068][^{]*\{name\}/u);
        expect(opening.match(/\{\w+\}/g)).toEqual(['{code}', '{name}', ...(opening === details ? ['{details}'] : [])]);
      }
      expect(secrecy).not.toMatch(/[{}]/);
    });

    it('names the minutes in each form of its plural that stands for more than one number', () => {
      const rules = new Intl.PluralRules(tag);
      const forms = typeof lifetime === 'string' ? { other: lifetime } : lifetime;
      for (let minutes = 1; minutes <= 10; minutes += 1) {
        const form = forms[rules.select(minutes)] ?? forms.other;
        expect(form.includes('{minutes}') || minutes <= 2, `${minutes}: ${form}`).toBe(true);
      }
      for (const form of lifetimes) {
        expect(form).not.toMatch(/\{(?!minutes\})/);
      }
    });

    it('has no link, no address and no second code in it', () => {
      for (const text of sentences) {
        expect(text).not.toMatch(/[@#/]|\.\p{L}{2}|\p{Nd}{2}/u);
      }
    });

    it('U3 has a form that leaves room for a name and a site of 20 characters', () => {
      const shortest = `${brief ?? code}${end}`.replace('{code}', '').replace('{name}', '');
      expect(countSegments(shortest).units).toBeLessThanOrEqual(countSegments(shortest).encoding === 'GSM-7' ? 40 : 10);
    });

    it('gives the message its direction', () => {
      for (const opening of openings) {
        const before = opening.slice(0, opening.indexOf('{name}'));
        expect(isRightToLeft(before) || before.endsWith('\u2068')).toBe(isRightToLeft(code));
      }
    });
  });
});
