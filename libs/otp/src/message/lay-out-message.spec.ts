import { describe, expect, it } from 'vitest';
import { type Envelope, fitsRetriever, layOutMessage } from './lay-out-message.js';
import { countSegments } from './segments.js';

const code = '123456';
const origin = 'app.acme.com';
const androidAppHash = 'FA+9qCX9VSu';
const sms: Envelope = { code, channel: 'sms', origin };

/** Words of this many units, with the code in front. */
const words = (units: number, letter = 'a') => `${code} ${letter.repeat(units - code.length - 1)}`;
const boundLine = `@${origin} #${code}`;

describe('layOutMessage', () => {
  it('U3 ends with the bound line, alone, after a blank line', () => {
    expect(layOutMessage([words(20)], sms)).toBe(`${words(20)}\n\n${boundLine}`);
    expect(layOutMessage([words(20)], { code, channel: 'sms' })).toBe(words(20));
  });

  it('takes the longest words that make one segment', () => {
    const lengths = [words(140), words(120), words(40)];
    expect(layOutMessage(lengths, sms)).toBe(`${words(120)}\n\n${boundLine}`);
    expect(layOutMessage([words(80, 'я'), words(46, 'я'), words(20, 'я')], sms)).toBe(
      `${words(46, 'я')}\n\n${boundLine}`,
    );
  });

  it('gives up the blank line before any words', () => {
    const text = layOutMessage([words(160 - 1 - boundLine.length), words(20)], sms);
    expect(text).toBe(`${words(160 - 1 - boundLine.length)}\n${boundLine}`);
    expect(countSegments(text)).toMatchObject({ units: 160, segments: 1 });
  });

  it('prefers GSM-7, whatever the length, to more segments outside it', () => {
    expect(layOutMessage([words(60, 'č'), words(100)], sms)).toBe(`${words(100)}\n\n${boundLine}`);
  });

  it('cuts nothing: where nothing fits it takes the fewest segments, of these the best words', () => {
    expect(layOutMessage([words(400), words(250), words(200)], sms)).toBe(`${words(250)}\n\n${boundLine}`);
  });

  it.each(['whatsapp', 'email'] as const)('by %s there is room, and nobody to read the last lines', (channel) => {
    expect(layOutMessage([words(400), words(20)], { code, channel, origin, androidAppHash })).toBe(words(400));
  });

  it('by voice says the code digit by digit, in its best words, and no last lines', () => {
    const text = layOutMessage(['012345 is your \u2068Acme\u2069 code, 012345.', '012345'], {
      code: '012345',
      channel: 'voice',
      origin,
      androidAppHash,
    });
    expect(text).toBe('0, 1, 2, 3, 4, 5 is your Acme code, 0, 1, 2, 3, 4, 5.');
    expect(layOutMessage(['012345 for 10123456'], { code: '012345', channel: 'voice' })).toBe(
      '0, 1, 2, 3, 4, 5 for 10123456',
    );
  });

  describe('with the hash of an Android app', () => {
    const android: Envelope = { ...sms, androidAppHash };

    it('has it before the bound line, which stays last', () => {
      expect(layOutMessage([words(20)], android)).toBe(`${words(20)}\n\n${androidAppHash}\n${boundLine}`);
      expect(layOutMessage([words(20)], { code, channel: 'sms', androidAppHash })).toBe(
        `${words(20)}\n\n${androidAppHash}`,
      );
    });

    it('takes words that leave room for it within 140 bytes', () => {
      const lengths = [words(110), words(106), words(20)];
      const text = layOutMessage(lengths, android);
      expect(text).toBe(`${words(106)}\n${androidAppHash}\n${boundLine}`);
      expect(Buffer.byteLength(text)).toBe(140);
      expect(layOutMessage([words(60, 'я'), words(30, 'я')], android)).toBe(
        `${words(30, 'я')}\n\n${androidAppHash}\n${boundLine}`,
      );
    });

    it('leaves it out where no words leave room: the message is as without it', () => {
      const lengths = [words(60, 'я'), words(46, 'я'), words(40, 'я')];
      expect(layOutMessage(lengths, android)).toBe(layOutMessage(lengths, sms));
    });

    it.each([
      ['a'.repeat(140), true],
      ['a'.repeat(141), false],
      ['é'.repeat(70), true],
      ['é'.repeat(71), false],
      ['я'.repeat(70), true],
      ['я'.repeat(71), false],
    ])('%.3s… is within 140 bytes: %s', (text, fits) => {
      expect(fitsRetriever(text)).toBe(fits);
    });
  });
});
