import { keepNumbersWhole, withoutIsolates } from './bidi.js';
import type { MessageFacts } from './message-template.js';
import type { MessageOptions } from './message-options.js';
import { countSegments } from './segments.js';

export type Envelope = Pick<MessageFacts, 'code' | 'channel'> & Pick<MessageOptions, 'origin' | 'androidAppHash'>;

/**
 * The whole message. Of its words, given in several lengths, it takes the first that makes a text message of one segment,
 * or else of the fewest; where space is short the blank line before the last ones goes before any words. Nothing is cut.
 *
 * Only a text message has the lines for machines: last of all the site's, exactly `@host #code` (WICG, Origin-bound one-time
 * codes delivered via SMS), and before it the Android app's. That one is left out where the app could not read the message.
 */
export function layOutMessage(words: Iterable<string>, envelope: Envelope): string {
  switch (envelope.channel) {
    case 'sms':
      return appText(words, envelope) ?? shortest(texts(words, boundLines(envelope)));
    case 'voice':
      return speak(best(words), envelope.code);
    case 'whatsapp':
    case 'email':
      return best(words);
  }
}

function best(words: Iterable<string>): string {
  const [first = ''] = words;
  return keepNumbersWhole(first);
}

function boundLines({ origin, code }: Envelope): readonly string[] {
  return origin === undefined ? [] : [`@${origin} #${code}`];
}

/** The best text that an app on Android can read. */
function appText(words: Iterable<string>, envelope: Envelope): string | undefined {
  const { androidAppHash } = envelope;
  if (androidAppHash === undefined) {
    return undefined;
  }
  for (const text of texts(words, [androidAppHash, ...boundLines(envelope)])) {
    if (fitsRetriever(text)) {
      return text;
    }
  }
  return undefined;
}

function* texts(words: Iterable<string>, lastLines: readonly string[]): Generator<string> {
  const end = lastLines.join('\n');
  for (const text of words) {
    const whole = keepNumbersWhole(text);
    if (end === '') {
      yield whole;
    } else {
      yield `${whole}\n\n${end}`;
      yield `${whole}\n${end}`;
    }
  }
}

const MAX_RETRIEVER_BYTES = 140;

/**
 * Google's documents ask for "no longer than 140 bytes" and do not say of which encoding. In GSM-7 it is counted as UTF-8,
 * which is never less than any other reading; beyond GSM-7 as sent, two bytes a unit.
 */
export function fitsRetriever(text: string): boolean {
  const { encoding, units } = countSegments(text);
  return (encoding === 'GSM-7' ? Buffer.byteLength(text) : 2 * units) <= MAX_RETRIEVER_BYTES;
}

/** Of the fewest segments; the first of them. */
function shortest(candidates: Iterable<string>): string {
  let [shortestYet, fewest] = ['', Number.POSITIVE_INFINITY];
  for (const text of candidates) {
    const { segments } = countSegments(text);
    if (segments < fewest) {
      [shortestYet, fewest] = [text, segments];
    }
    if (fewest === 1) {
      break;
    }
  }
  return shortestYet;
}

/** Digit by digit: a voice would say a number of hundreds of thousands. */
function speak(text: string, code: string): string {
  const digits = Array.from(code).join(', ');
  return withoutIsolates(text).replace(new RegExp(`(?<!\\p{Nd})${code}(?!\\p{Nd})`, 'gu'), digits);
}
