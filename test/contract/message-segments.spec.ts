import * as fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { split } from 'split-sms';
import { describe, expect, it } from 'vitest';
import { composeMessage } from '../../libs/otp/src/message/compose-message.js';
import { LANGUAGES } from '../../libs/otp/src/message/languages.js';
import { countSegments, type SegmentCount } from '../../libs/otp/src/message/segments.js';

/** What Twilio's calculator says. */
function bySegmentsCalculator(text: string): SegmentCount {
  const message = new SegmentedMessage(text);
  const encoding = message.getEncodingName();
  const bits = message.messageSize;
  return {
    encoding: encoding === 'GSM-7' ? encoding : 'UCS-2',
    units: bits / (encoding === 'GSM-7' ? 7 : 16),
    segments: message.segmentsCount,
  };
}

/** What `split-sms` says. */
function bySplitSms(text: string): SegmentCount {
  const { characterSet, bytes, parts } = split(text);
  return characterSet === 'GSM'
    ? { encoding: 'GSM-7', units: bytes, segments: parts.length }
    : { encoding: 'UCS-2', units: bytes / 2, segments: parts.length };
}

const names = ['X', 'Acme', 'Acme Savings & Loans', 'A'.repeat(20)];
const origins = [undefined, 'a.io', 'app.acme.com', 'login.acme-loans.com'];
const codes = ['123456', '1234567', '12345678'];
const grid = names.flatMap((serviceName) =>
  origins.flatMap((origin) => codes.map((code) => ({ serviceName, origin, code }))),
);

describe.each([...LANGUAGES.keys()])('a message in %s', (locale) => {
  it('U3 is one segment with a name and a site of up to 20 characters, by three calculators', () => {
    for (const facts of grid) {
      const { text, locale: found } = composeMessage({
        ...facts,
        ttlSeconds: 600,
        purpose: 'login',
        channel: 'sms',
        locale,
      });
      expect(found).toBe(locale);
      const count = countSegments(text);
      expect(count.segments, text).toBe(1);
      expect(bySegmentsCalculator(text), text).toEqual(count);
      expect(bySplitSms(text), text).toEqual(count);
      expect(text.startsWith(facts.code)).toBe(true);
      expect(text).toContain(facts.serviceName);
    }
  });
});

const GSM_7 =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€\f';

/** Around the sizes where the number of parts changes. */
const textOf = (unit: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.array(unit, { maxLength: 30 }), fc.integer({ min: 0, max: 480 }), fc.array(unit, { maxLength: 30 }))
    .map(([start, length, end]) => start.join('') + 'a'.repeat(length) + end.join(''));

describe('countSegments', () => {
  const gsm = textOf(fc.constantFrom(...Array.from(GSM_7)));

  it('agrees with split-sms on all that GSM-7 can write', () => {
    fc.assert(
      fc.property(gsm, (text) => {
        expect(bySplitSms(text)).toEqual(countSegments(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with sms-segments-calculator on all that GSM-7 can write', () => {
    fc.assert(
      fc.property(gsm, (text) => {
        expect(bySegmentsCalculator(text)).toEqual(countSegments(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with split-sms on any text of whole characters', () => {
    fc.assert(
      fc.property(textOf(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), (text) => {
        expect(bySplitSms(text)).toEqual(countSegments(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with sms-segments-calculator on letters of all scripts in use', () => {
    const letters = fc.constantFrom(
      ...Array.from('яжћşğőžđαωשלוםسلامञहআமதไทยខគမནამሰ中文字かなカナ한국어—–’…।。،').filter(
        (letter) => !/\p{M}/u.test(letter),
      ),
    );
    fc.assert(
      fc.property(textOf(letters), (text) => {
        expect(bySegmentsCalculator(text)).toEqual(countSegments(text));
      }),
      { numRuns: 2000 },
    );
  });

  // 3GPP TS 23.040 §9.2.3.24.1 cuts a text of several parts anywhere but within a UTF-16 pair or after an escape. Twilio keeps a
  // letter and its marks, or an emoji and what is joined to it, in one part: of a long text it may make one part more.
  it.each([
    ['a letter with a mark', 'я'.repeat(66) + 'е\u0301' + 'я'.repeat(66), 2, 3],
    ['a family', 'a'.repeat(64) + '👨‍👩‍👧' + 'a'.repeat(60), 2, 3],
  ])('counts less than Twilio where a part ends within %s', (_name, text, segments, byTwilio) => {
    expect(countSegments(text).segments).toBe(segments);
    expect(bySplitSms(text).segments).toBe(segments);
    expect(bySegmentsCalculator(text).segments).toBe(byTwilio);
  });

  // Half a pair is one unit of 16 bits; `split-sms` takes every high surrogate for two.
  it('counts half a surrogate pair as one unit, as sms-segments-calculator does', () => {
    const text = 'я'.repeat(69) + '\ud800';
    expect(countSegments(text)).toEqual({ encoding: 'UCS-2', units: 70, segments: 1 });
    expect(bySegmentsCalculator(text)).toEqual(countSegments(text));
    expect(bySplitSms(text)).toEqual({ encoding: 'UCS-2', units: 71, segments: 2 });
  });
});
