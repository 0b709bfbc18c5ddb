import { describe, expect, it } from 'vitest';
import { withoutIsolates } from './bidi.js';
import { LANGUAGES } from './languages.js';
import type { MessageFacts } from './message-template.js';
import { wordMessage } from './word-message.js';

const facts: MessageFacts = {
  code: '012345',
  serviceName: 'Acme',
  ttlSeconds: 300,
  purpose: 'login',
  channel: 'sms',
};

/** In all its lengths, as it is read. */
function words(tag: string, changed: Partial<MessageFacts>): readonly string[] {
  const language = LANGUAGES.get(tag);
  return language === undefined
    ? []
    : Array.from(wordMessage(language, { tag, facts: { ...facts, ...changed } }), withoutIsolates);
}

describe.each([...LANGUAGES.keys()])('words in %s', (tag) => {
  it.each(['.', '!', '?', '…'])('U3 have no second stop after a name that ends with %s', (mark) => {
    const name = `Acme Inc${mark}`;
    const seen = words(tag, { serviceName: name });
    expect(seen.length).toBeGreaterThanOrEqual(3);
    // What they are with a plain name, but for the stop behind it.
    expect(seen).toEqual(
      words(tag, { serviceName: 'Acme Inc' }).map((text) => text.replace(/Acme Inc(?:[.։۔।።။។。](?= |$))?/u, name)),
    );
  });
});

it('U3 end each sentence once', () => {
  expect(words('nl', { serviceName: 'Acme Inc.' })[0]).toBe(
    '012345 is je code voor Acme Inc. Hij verloopt over 5 minuten. Deel hem met niemand.',
  );
  expect(words('he', { serviceName: 'Yahoo!' }).at(-1)).toBe('012345 קוד Yahoo!');
  expect(words('en', { binding: { payee: 'Acme Inc.' } }).at(-1)).toBe(
    '012345 is your Acme code for payee "Acme Inc.". Never share it.',
  );
});
