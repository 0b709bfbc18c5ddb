import type { Language } from './language.js';
import { canonicalTag, countryTags, lookupTags, readableTags } from './language-tags.js';
import { ENGLISH, LANGUAGES } from './languages.js';
import type { MessageOptions } from './message-options.js';
import type { MessageTemplate } from './message-template.js';

export type ChosenTemplate =
  | { readonly kind: 'own'; readonly tag: string; readonly template: MessageTemplate }
  | { readonly kind: 'shipped'; readonly tag: string; readonly language: Language };

type LanguageOptions = Pick<MessageOptions, 'templates' | 'languages'>;

export interface TemplateRequest extends LanguageOptions {
  readonly locale?: string | undefined;
  /** ISO 3166-1 alpha-2 code of the number's country. */
  readonly country?: string | undefined;
}

/** The best words: in the language that was asked for, else in the number's country's, else the first allowed or English. */
export function chooseTemplate({ locale, country, ...options }: TemplateRequest): ChosenTemplate {
  const templates = templatesOf(options);
  const asked = [...(locale === undefined ? [] : [locale]), ...(country === undefined ? [] : countryTags(country))];
  const allowed = allowedTags(options);
  const tags = asked.flatMap(readableTags).filter((tag) => allowed === undefined || allowed.includes(tag));
  for (const tag of [...tags, ...(allowed ?? [ENGLISH.tag])]) {
    const choice = templates(tag);
    if (choice !== undefined) {
      return choice;
    }
  }
  return { kind: 'shipped', ...ENGLISH };
}

/** The tags that `languages` allows, the fallback first; `undefined` when it allows all. */
function allowedTags(options: LanguageOptions): readonly string[] | undefined {
  return options.languages?.flatMap((language) => knownTag(language, options) ?? []);
}

/** The tag under which there are words for this language. */
export function knownTag(language: string, options: Pick<LanguageOptions, 'templates'>): string | undefined {
  const templates = templatesOf(options);
  return lookupTags(language).find((tag) => templates(tag) !== undefined);
}

/** All languages that a message may come to be in. */
export function usedTemplates(options: LanguageOptions): readonly ChosenTemplate[] {
  const templates = templatesOf(options);
  const tags = allowedTags(options) ?? [...LANGUAGES.keys(), ...Object.keys(options.templates ?? {})];
  return [...new Set(tags)].flatMap((tag) => templates(tag) ?? []);
}

/** The application's own words for a tag, else the shipped ones. */
function templatesOf({ templates = {} }: LanguageOptions): (tag: string) => ChosenTemplate | undefined {
  const own = new Map(Object.entries(templates).map(([tag, template]) => [canonicalTag(tag), template]));
  return (tag) => {
    const template = own.get(tag);
    if (template !== undefined) {
      return { kind: 'own', tag, template };
    }
    const language = LANGUAGES.get(tag);
    return language && { kind: 'shipped', tag, language };
  };
}
