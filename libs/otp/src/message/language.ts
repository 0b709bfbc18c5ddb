/** By plural category of the number of minutes (CLDR), as `Intl.PluralRules` finds it. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/**
 * What a message says in one language, in sentences without their full stop. `{code}`, `{name}` (of the service),
 * `{minutes}` and `{details}` are filled in. The name may be anything, so it is never inflected, and it never follows the
 * code directly: it may begin with a digit. From right to left a letter of the language stands before it, so that the
 * message runs that way.
 */
export interface Language {
  /** Its name in English, for who reads the table of messages. */
  readonly english: string;
  /** Presents the code, which comes first. */
  readonly code: string;
  /** The same where space is short: at most 10 UTF-16 units beside code and name, with the full stop. */
  readonly brief?: string;
  /** Presents the code and what it stands for. @default `code`, and the details after a colon */
  readonly details?: string;
  readonly lifetime: string | PluralForms;
  /** That nobody else may have the code. */
  readonly secrecy: string;
  /** What ends a sentence before another. @default '. ' */
  readonly join?: string;
  /** What ends the last sentence. @default '.' */
  readonly end?: string;
}

/** BCP 47 tag in its canonical form → language. */
export type Languages = Readonly<Record<string, Language>>;
