import type { Language } from './languages.js';

/** ICU messages by key. */
export type Texts<Key extends string = string> = Readonly<Record<Key, string>>;

/** The words of one part of the demo, in every language: a key that one of them lacks does not compile. */
export function defineTexts<Key extends string>(
  texts: { readonly en: Texts<Key> } & Readonly<Record<Language, Texts<NoInfer<Key>>>>,
): Readonly<Record<Language, Texts<Key>>> {
  return texts;
}
