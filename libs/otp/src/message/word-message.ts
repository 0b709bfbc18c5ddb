import { isolate, isolateName, isRightToLeft } from './bidi.js';
import type { Language } from './language.js';
import { listBinding } from './list-binding.js';
import { remembered } from './remembered.js';
import type { MessageFacts } from './message-template.js';

/**
 * What a language has to say, in several lengths, the best first, each worded when it is asked for: nearly always the first
 * fits. Where space is short the lifetime goes before the warning; details stay, and the warning with them.
 */
export function wordMessage(language: Language, request: WordingRequest): Iterable<string> {
  return { [Symbol.iterator]: () => lengthsOf(language, request) };
}

function* lengthsOf(language: Language, { tag, facts }: WordingRequest): Generator<string> {
  const { code, brief, details, secrecy, join = '. ', end = '.' } = language;
  const values = valuesOf(language, facts);
  const lifetime = lifetimeOf(language, { tag, minutes: minutesOf(facts) });
  const lengths =
    facts.binding === undefined
      ? [[code, lifetime, secrecy], [brief, lifetime, secrecy], [code, secrecy], [brief, secrecy], [code], [brief]]
      : [
          [details ?? `${code}: {details}`, lifetime, secrecy],
          [details ?? `${code}: {details}`, secrecy],
        ];
  for (const sentences of lengths) {
    if (sentences[0] === undefined) {
      continue;
    }
    const [opening = '', ...others] = sentences
      .filter((sentence) => sentence !== undefined)
      .map((sentence) => fill(sentence, values));
    const text = others.reduce((before, sentence) => withStop(before, join) + sentence, opening);
    yield withStop(text, end);
  }
}

const ENDED = /[.!?…。！？]\u2069?$/u;
/** Of all scripts that the languages have. */
const FULL_STOP = /^[.։۔।።။។。]/u;

/** A name may bring a full stop of its own ("Acme Inc."), or another mark ("Yahoo!"), which is enough for the sentence. */
function withStop(sentence: string, stop: string): string {
  return sentence + (ENDED.test(sentence) ? stop.replace(FULL_STOP, '') : stop);
}

export interface WordingRequest {
  /** BCP 47 tag of the language, for its plurals. */
  readonly tag: string;
  readonly facts: MessageFacts;
}

function valuesOf(language: Language, facts: MessageFacts): ReadonlyMap<string, string> {
  const rightToLeft = isRightToLeft(language.code);
  const details = facts.binding === undefined ? '' : listBinding(facts.binding);
  return new Map([
    ['code', facts.code],
    ['name', isolateName(facts.serviceName, { rightToLeft })],
    ['minutes', String(minutesOf(facts))],
    // They begin with the name of a member, in Latin letters, and run from left to right.
    ['details', rightToLeft ? isolate(details) : details],
  ]);
}

/** Rounded down: a message must not promise time that is not there. */
function minutesOf({ ttlSeconds }: MessageFacts): number {
  return Math.floor(ttlSeconds / 60);
}

const pluralRules = remembered((tag) => new Intl.PluralRules(tag));

/** None for less than a minute. */
function lifetimeOf(
  { lifetime }: Language,
  { tag, minutes }: { readonly tag: string; readonly minutes: number },
): string | undefined {
  if (minutes < 1) {
    return undefined;
  }
  return typeof lifetime === 'string' ? lifetime : (lifetime[pluralRules(tag).select(minutes)] ?? lifetime.other);
}

/** In one go: what stands in a value is never filled in again. */
function fill(sentence: string, values: ReadonlyMap<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (placeholder, name: string) => values.get(name) ?? placeholder);
}
