import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { maskPhoneNumber } from 'nestjs-sms-otp';
import { describe, it } from 'vitest';
import { readCode } from '../../../libs/otp/src/code/read-code.js';
import { createPhoneReader } from '../../../libs/otp/src/phone/read-phone-number.js';
import { readTypedNumber } from '../../../libs/otp/src/phone/typed-number.js';
import { effort } from '../../support/effort.js';
import { strangeValue } from '../arbitraries/mutated.js';
import { anyText, nearly, textOf } from '../arbitraries/texts.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';

const timeout = FUZZ_TIMEOUT_MS;
const LONGEST_LOOKED_AT = 40;
const SHOWN_DIGITS = 2;

const SPELLED = [
  '+31 6 12345678',
  '0031612345678',
  '06-12345678',
  '+1 (876) 555-0100',
  '+54 9 11 2345-6789',
  '8 912 345-67-89',
  '+39 06 1234',
  '+972 59 123 4567',
  '+44 7700 900123',
];

const digits = textOf('0123456789', { minLength: 5, maxLength: 16 });
const number: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...SPELLED).chain((text) => nearly(text)) },
  { weight: 3, arbitrary: digits.map((text) => `+${text}`) },
  { weight: 1, arbitrary: textOf('+0123456789 ()-./٣１ ', { maxLength: 45 }) },
  { weight: 1, arbitrary: fc.constantFrom(...SPELLED) },
  { weight: 1, arbitrary: anyText },
  { weight: 1, arbitrary: strangeValue },
);
const country: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(undefined, 'NL', 'US', 'RU', 'IT', 'AR', 'IL') },
  { weight: 1, arbitrary: strangeValue },
);

describe('J1 B5 numbers and codes of any text', () => {
  it('case 68 a number is read or refused, and what was read reads as itself', { timeout }, async () => {
    const tried = new Tried();
    const read = createPhoneReader();
    const property = fc.property(number, country, (phoneNumber, of) => {
      const reading = read({ phoneNumber, country: of });
      tried.add(reading.outcome);
      if (reading.outcome !== 'ok') {
        // Nothing of what was typed is repeated.
        const told = typeof phoneNumber === 'string' && phoneNumber.length > 8 && reading.detail.includes(phoneNumber);
        return !told;
      }
      const { e164, handsetKey, masked } = reading.number;
      assert.match(e164, /^\+[1-9]\d{6,14}$/);
      assert.deepEqual(read({ phoneNumber: e164 }), reading);
      assert.deepEqual(read({ phoneNumber: e164, country: 'US' }), reading);
      assert.equal(maskPhoneNumber(e164), masked);
      // A key is the present form of its number: it never leads on to another.
      const ofKey = read({ phoneNumber: handsetKey });
      assert.ok(ofKey.outcome !== 'ok' || ofKey.number.handsetKey === handsetKey);
      return true;
    });
    await assertHolds(property, { runs: effort(2_000, 60_000), tried });
  });

  it('case 68 no text of more than 40 characters is looked at', { timeout }, async () => {
    const tried = new Tried();
    const long = textOf('+0123456789 ()-./a٣', { minLength: LONGEST_LOOKED_AT + 1, maxLength: 5_000 });
    const property = fc.property(long, (text) => {
      const reading = readTypedNumber(text);
      tried.add(reading.outcome);
      assert.deepEqual(reading, readTypedNumber('1'.repeat(LONGEST_LOOKED_AT + 1)));
      return true;
    });
    await assertHolds(property, { runs: effort(200, 5_000), tried });
  });

  it(
    'A6 a mask shows calling code and two digits of any number, and nothing of any other text',
    { timeout },
    async () => {
      const tried = new Tried();
      const property = fc.property(
        fc.oneof(
          digits.map((text) => `+${text}`),
          anyText,
        ),
        (text) => {
          const masked = maskPhoneNumber(text);
          tried.add(masked === '***' ? 'hidden' : 'masked');
          const shown = /^\+(\d{1,3})\*+(\d\d)$/.exec(masked);
          return masked === '***' || (shown !== null && shown[2]?.length === SHOWN_DIGITS);
        },
      );
      await assertHolds(property, { runs: effort(1_000, 30_000), tried });
    },
  );

  it('case 58 a code is read or refused, and never becomes another', { timeout }, async () => {
    const tried = new Tried();
    const typed = fc.oneof(
      { weight: 3, arbitrary: textOf('0123456789 -٣１\u00a0', { maxLength: 14 }) },
      { weight: 1, arbitrary: fc.constantFrom('123 456', '012345', '１２３４５６').chain((text) => nearly(text)) },
      { weight: 1, arbitrary: strangeValue },
    );
    const property = fc.property(typed, (value) => {
      const reading = readCode(value);
      tried.add(reading.outcome);
      if (reading.outcome !== 'ok') {
        return true;
      }
      assert.match(reading.code, /^[0-9]{6,8}$/);
      assert.deepEqual(readCode(reading.code), reading);
      // As many digits as were typed, in whatever script.
      assert.equal((String(value).match(/\p{Nd}/gu) ?? []).length, reading.code.length);
      return true;
    });
    await assertHolds(property, { runs: effort(2_000, 60_000), tried });
  });
});
