import { WORDS } from './words.js';

/** @import { OtpCodeTexts } from './otp-code-input.js' */

/** Words of one language and its numbers. */
export class Texts {
  /** @readonly */
  #locale;
  /**
   * @readonly
   * @type {OtpCodeTexts}
   */
  #words;

  /**
   * @param {string} tag the language of the page
   * @param {Partial<OtpCodeTexts>} override
   */
  constructor(tag, override) {
    const language = tag.toLowerCase().split(/[-_]/)[0] ?? '';
    const known = isKnown(language);
    this.#words = { ...WORDS[known ? language : 'en'], ...override };
    // English words keep English plurals; words that the page brings have those of the page.
    this.#locale = known || Object.keys(override).length > 0 ? localeOf(tag, language) : 'en';
  }

  /**
   * @param {keyof OtpCodeTexts} key
   * @param {{ count?: number, length?: number, seconds?: number }} [values]
   */
  say(key, { count = 0, length = 0, seconds = 0 } = {}) {
    const text = this.#words[key];
    const form = typeof text === 'string' ? text : (text[this.#plural(count)] ?? text.other);
    return form
      .replaceAll('{count}', this.#number(count))
      .replaceAll('{length}', this.#number(length))
      .replaceAll('{time}', `${this.#number(Math.floor(seconds / 60))}:${this.#number(seconds % 60, 2)}`);
  }

  /** @param {number} count */
  #plural(count) {
    return new Intl.PluralRules(this.#locale).select(count);
  }

  /** @param {number} value */
  #number(value, minimumIntegerDigits = 1) {
    return new Intl.NumberFormat(this.#locale, { minimumIntegerDigits }).format(value);
  }
}

/**
 * @param {string} language
 * @returns {language is keyof typeof WORDS}
 */
function isKnown(language) {
  return Object.hasOwn(WORDS, language);
}

/**
 * What stands in a page need not be a valid tag.
 *
 * @param {string} tag
 * @param {string} language
 */
function localeOf(tag, language) {
  for (const candidate of [tag, language]) {
    try {
      return new Intl.Locale(candidate);
    } catch {
      // The language alone may do.
    }
  }
  return 'en';
}
