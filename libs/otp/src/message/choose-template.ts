import { en } from './locales/en.js';
import type { MessageTemplate } from './message-template.js';

/** BCP 47 tag in lower case → words. A further language is one file in `locales/` and one line here. */
const TEMPLATES: ReadonlyMap<string, MessageTemplate> = new Map([['en', en]]);
const FALLBACK = 'en';
/** RFC 5646 §4.4.1: room for every usual tag. */
const MAX_TAG_LENGTH = 35;
const TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

/** The locale if it has the form of a BCP 47 tag; applications pass on what browsers send. */
export function readLocale(locale: string | undefined): string | undefined {
  return locale !== undefined && locale.length <= MAX_TAG_LENGTH && TAG.test(locale) ? locale : undefined;
}

/** The best template for a language tag: the tag itself, then ever shorter ones (lookup, RFC 4647 §3.4), then English. */
export function chooseTemplate(locale: string | undefined): { locale: string; template: MessageTemplate } {
  let tag = readLocale(locale)?.toLowerCase() ?? '';
  while (tag !== '') {
    const template = TEMPLATES.get(tag);
    if (template !== undefined) {
      return { locale: tag, template };
    }
    tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')));
  }
  return { locale: FALLBACK, template: en };
}
