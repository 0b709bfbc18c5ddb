import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { countSegments } from 'nestjs-sms-otp';
import { describe, it } from 'vitest';
import { composeMessage } from '../../../libs/otp/src/message/compose-message.js';
import { displayBinding } from '../../../libs/otp/src/message/display-binding.js';
import { displayText } from '../../../libs/otp/src/message/display-text.js';
import { readLocale } from '../../../libs/otp/src/message/language-tags.js';
import { effort } from '../../support/effort.js';
import { anyText, nearly, textOf } from '../arbitraries/texts.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';

const timeout = FUZZ_TIMEOUT_MS;
const CODE = '408215';
/** What one character can become: `ﷺ` is eighteen. */
const MOST_FOR_ONE = 24;

const locale = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .constantFrom('nl-NL', 'zh-Hant-TW', 'sr-Latn', 'ar-EG', 'hi-Latn', 'x-y', 'und')
      .chain((text) => fc.oneof(fc.constant(text), nearly(text))),
  },
  { weight: 2, arbitrary: textOf('abcdefgxyzABZ0189-_', { maxLength: 40 }) },
  { weight: 1, arbitrary: anyText },
);

const binding = fc.dictionary(
  fc.oneof(fc.constantFrom('amount', 'payee', 'day'), fc.string({ maxLength: 30 })),
  fc.oneof(anyText, fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minKeys: 1, maxKeys: 9 },
);

describe('J2 texts of messages, whatever a request says', () => {
  it('case 64 what is shown of a text can be shown again, and hides nothing', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.property(anyText, (text) => {
      const shown = displayText(text);
      tried.add('shown');
      assert.equal(displayText(shown), shown);
      assert.ok(shown.length <= MOST_FOR_ONE * text.length);
      assert.doesNotMatch(shown, /[\p{C}@#"]|[\r\n]/u);
      return true;
    });
    await assertHolds(property, { runs: effort(1_500, 40_000), tried });
  });

  it('case 64 a message begins with its code, and its last line is the one that binds it', { timeout }, async () => {
    const tried = new Tried();
    const country = fc.oneof(fc.constantFrom('NL', 'CH', 'IN', 'US', 'PS'), fc.string({ maxLength: 3 }));
    const property = fc.property(locale, country, binding, (asked, of, details) => {
      const isShown = displayBinding(details).outcome === 'ok';
      tried.add(isShown ? 'shown' : 'refused');
      const { text } = composeMessage({
        serviceName: 'Acme',
        origin: 'app.acme.example',
        code: CODE,
        ttlSeconds: 300,
        purpose: 'payout',
        channel: 'sms',
        locale: asked,
        country: of,
        ...(isShown ? { binding: details } : {}),
      });
      const lines = text.split('\n');
      assert.equal(lines.at(-1), `@app.acme.example #${CODE}`);
      assert.equal(text.split('@').length, 2);
      assert.equal(text.split('#').length, 2);
      assert.match(text.replace(/^[\u200e\u200f\u2066-\u2069]+/, ''), new RegExp(CODE));
      return true;
    });
    await assertHolds(property, { runs: effort(800, 25_000), tried });
  });

  it('a locale has the form of a tag or is none', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.property(locale, (text) => {
      const read = readLocale(text);
      tried.add(read === undefined ? 'none' : 'read');
      return read === undefined || (read === text && read.length <= 35);
    });
    await assertHolds(property, { runs: effort(1_000, 30_000), tried });
  });

  it('C1 segments are as many as the text is long, and more text is never fewer', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.property(anyText, anyText, (text, more) => {
      const { encoding, units, segments } = countSegments(text);
      tried.add(encoding);
      const [single, part] = encoding === 'GSM-7' ? [160, 153] : [70, 67];
      // A character of two units may leave one unit of each part unused.
      const most = units <= single ? 1 : Math.ceil(units / (part - 1));
      assert.ok(segments >= 1 && segments <= most && segments >= (units <= single ? 1 : Math.ceil(units / part)));
      assert.ok(countSegments(text + more).segments >= segments);
      return true;
    });
    await assertHolds(property, { runs: effort(1_000, 30_000), tried });
  });
});
