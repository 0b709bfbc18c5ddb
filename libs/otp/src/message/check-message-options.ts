import { knownTag } from './choose-template.js';
import { UNSEEN } from './display-text.js';
import { canonicalTag, readLocale } from './language-tags.js';
import type { MessageTemplate } from './message-template.js';

const MAX_SERVICE_NAME_LENGTH = 40;
/** What a phone makes tappable: a scheme, `www.`, or a dot with letters right after it. */
const LINK = /:\/\/|www\.|\.\p{L}{2,}/iu;
/** A run of digits that a phone may offer as the code. */
const CODE = /\p{Nd}{6,}/u;

/**
 * What is wrong with the name that messages show, in words; `undefined` when nothing is. Look-alikes of full width count
 * as what they look like.
 */
export function checkServiceName(name: unknown): string | undefined {
  if (typeof name !== 'string' || name.trim() === '') {
    return 'must be the name that people know your service by';
  }
  const seen = name.normalize('NFKC');
  if (name.length > MAX_SERVICE_NAME_LENGTH) {
    return `must have at most ${MAX_SERVICE_NAME_LENGTH} characters, so that a message stays short`;
  }
  if (UNSEEN.test(name)) {
    return 'must not contain line breaks, control characters or characters that cannot be seen';
  }
  if (name !== name.trim()) {
    return 'must not begin or end with a space';
  }
  if (/[@#]/.test(seen)) {
    return 'must not contain @ or #, which belong to the line that binds the code to your site';
  }
  if (LINK.test(seen)) {
    return 'must not look like a link, which phones make tappable and people learn to tap; write it without the dot, e.g. "acme com"';
  }
  if (CODE.test(seen)) {
    return 'must not contain six digits in a row, which phones would take for the code';
  }
  return undefined;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HOST_LENGTH = 253;

/** What is wrong with the host that codes are bound to, in words; `undefined` when nothing is. */
export function checkOrigin(origin: unknown): string | undefined {
  if (typeof origin !== 'string' || origin === '') {
    return 'must be the host of your site, e.g. "app.example.com"';
  }
  if (/[/:@#?]/.test(origin)) {
    return 'must be a host alone, without scheme, port or path, e.g. "app.example.com"';
  }
  const labels = origin.split('.');
  if (origin.length > MAX_HOST_LENGTH || !labels.every((label) => LABEL.test(label))) {
    return 'must be a host name in lower case, in its xn-- form if it has other letters than a to z';
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) {
    return 'must be a host name; browsers bind no code to an IP address';
  }
  return undefined;
}

const ANDROID_APP_HASH = /^[A-Za-z0-9+/]{11}$/;

/** What is wrong with the hash that tells Android which app may read a message, in words; `undefined` when nothing is. */
export function checkAndroidAppHash(hash: unknown): string | undefined {
  return typeof hash === 'string' && ANDROID_APP_HASH.test(hash)
    ? undefined
    : 'must be the 11 characters that identify your Android app (SMS Retriever API), e.g. "FA+9qCX9VSu"';
}

/** What is wrong with the application's own words for languages; `undefined` when nothing is. */
export function checkTemplates(templates: unknown): string | undefined {
  if (!isTemplates(templates)) {
    return 'must be an object of functions that return a text, by language tag, e.g. { nl: ({ code }) => … }';
  }
  const tags = Object.keys(templates);
  const known = tags.map(readTag);
  if (known.includes(undefined)) {
    return 'must have language tags as names (BCP 47), e.g. "nl" or "pt-BR"';
  }
  return new Set(known).size < tags.length ? 'must have each language once; "nl" and "NL" are one' : undefined;
}

/** What is wrong with the list of languages that messages may use; `undefined` when nothing is. */
export function checkLanguages(languages: unknown): string | undefined {
  if (!isTags(languages) || languages.length === 0) {
    return "must be a list of language tags (BCP 47), the first for everybody else, e.g. ['nl', 'pt-BR']";
  }
  const known = languages.map(readTag);
  if (known.includes(undefined)) {
    return `must have language tags (BCP 47), e.g. "nl" or "pt-BR"; [${known.indexOf(undefined)}] is none`;
  }
  return new Set(known).size < known.length ? 'must have each language once; "nl" and "NL" are one' : undefined;
}

/** What is wrong with `languages` beside `templates`, each of which is right by itself; `undefined` when nothing is. */
export function checkLanguagesHaveWords(messages: {
  readonly languages?: unknown;
  readonly templates?: unknown;
}): string | undefined {
  const languages = isTags(messages.languages) ? messages.languages : [];
  const templates = isTemplates(messages.templates) ? messages.templates : {};
  const missing = languages.filter((language) => knownTag(language, { templates }) === undefined);
  return missing.length === 0 ? undefined : `has no words in ${missing.join(', ')}; give them in templates`;
}

function isTags(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === 'string');
}

function readTag(tag: string): string | undefined {
  return readLocale(tag) === undefined ? undefined : canonicalTag(tag);
}

function isTemplates(value: unknown): value is Readonly<Record<string, MessageTemplate>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((template) => typeof template === 'function')
  );
}
