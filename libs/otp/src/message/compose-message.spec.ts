import { describe, expect, it } from 'vitest';
import { composeMessage } from './compose-message.js';
import { countSegments } from './segments.js';

const facts = { code: '012345', serviceName: 'Acme', ttlSeconds: 300, purpose: 'login' };

describe('composeMessage', () => {
  it('U3 puts the code first and binds it to the site in the last line', () => {
    const { text, locale } = composeMessage({ ...facts, origin: 'app.acme.com' });
    expect(text).toBe('012345 is your Acme code. It expires in 5 minutes. Never share it.\n\n@app.acme.com #012345');
    expect(text.split('\n').at(-1)).toMatch(/^@[a-z0-9.-]+ #\d{6}$/);
    expect(locale).toBe('en');
  });

  it('U3 has no bound line without a site', () => {
    expect(composeMessage(facts).text).toBe('012345 is your Acme code. It expires in 5 minutes. Never share it.');
  });

  it.each([
    [600, '10 minutes'],
    [299, '4 minutes'],
    [120, '2 minutes'],
    [119, '119 seconds'],
    [60, '1 minute'],
    [59.9, '59 seconds'],
  ])('promises no more than the %s s there are', (ttlSeconds, words) => {
    expect(composeMessage({ ...facts, ttlSeconds }).text).toContain(`in ${words}.`);
  });

  it.each([['en-GB'], ['EN'], ['nl'], ['zh-Hant-TW'], ['__proto__'], ['-'], [''], ['x'.repeat(1_000_000)], ['e-n']])(
    'J2 has words for the locale %.12s',
    (locale) => {
      expect(composeMessage({ ...facts, locale })).toEqual({ ...composeMessage(facts), locale: 'en' });
    },
  );

  it.each(['12345678', '123456'])('is one segment with a name of 20 characters and the code %s', (code) => {
    const { text } = composeMessage({
      code,
      serviceName: 'A'.repeat(20),
      ttlSeconds: 600,
      purpose: 'login',
      origin: `login.${'a'.repeat(44)}.example.com`,
    });
    expect(countSegments(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });
});
