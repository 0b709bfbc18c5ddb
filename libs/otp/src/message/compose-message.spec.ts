import { describe, expect, it, vi } from 'vitest';
import { composeMessage } from './compose-message.js';
import type { MessageTemplate } from './message-template.js';
import { countSegments } from './segments.js';

const facts = { code: '012345', serviceName: 'Acme', ttlSeconds: 300, purpose: 'login', channel: 'sms' } as const;

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
    [119, '1 minute'],
    [60, '1 minute'],
  ])('promises no more than the %s s there are', (ttlSeconds, words) => {
    expect(composeMessage({ ...facts, ttlSeconds }).text).toContain(`in ${words}.`);
  });

  it.each([59.9, 30])('does not speak of the minutes that there are not, %s s', (ttlSeconds) => {
    expect(composeMessage({ ...facts, ttlSeconds }).text).toBe('012345 is your Acme code. Never share it.');
  });

  it.each([['en-GB'], ['EN'], ['la'], ['x-klingon'], ['__proto__'], ['-'], [''], ['x'.repeat(1_000_000)], ['e-n']])(
    'J2 has words for the locale %.12s',
    (locale) => {
      expect(composeMessage({ ...facts, locale })).toEqual({ ...composeMessage(facts), locale: 'en' });
    },
  );

  const binding = { amount: '12.00 EUR', payee: 'NL91ABNA0417164300' };

  it('A4 names all members of the binding, in their order', () => {
    expect(composeMessage({ ...facts, ttlSeconds: 180, binding }).text).toBe(
      '012345 is your Acme code for amount 12.00 EUR, payee NL91 ABNA 0417 1643 00. It expires in 3 minutes. Never share it.',
    );
    const { text } = composeMessage({ ...facts, binding: { payee: 'Acme Holding B.V.', times: 3, now: true } });
    expect(text).toContain(' for payee "Acme Holding B.V.", times 3, now true. It expires');
  });

  it('is one segment with amount, IBAN and site', () => {
    const { text } = composeMessage({ ...facts, ttlSeconds: 180, binding, origin: 'app.acme.com' });
    expect(countSegments(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });

  it('is GSM-7 when everything given is', () => {
    const alphabet = '@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&\'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}[~]|€\\\n\r\f';
    for (const character of alphabet) {
      const { text } = composeMessage({
        ...facts,
        binding: { amount: '1000000.00', payee: `A${character}b ${character}c` },
      });
      expect(countSegments(text).encoding, character).toBe('GSM-7');
    }
  });

  it.each([
    ['a further member', 'Ann, amount 1.00 EUR', '"Ann, amount 1.00 EUR"'],
    ['a further member without a comma', 'Ann amount 1.00 EUR', '"Ann amount 1.00 EUR"'],
    ['the end', 'Ann. It expires in 90 minutes', '"Ann. It expires in 90 minutes"'],
    ['the end of quotation', 'Ann", amount "1.00', '"Ann\', amount \'1.00"'],
    ['the end of quotation, curly', 'Ann”, amount “1', '"Ann\', amount \'1"'],
    ['a figure with words', '1.00 EUR, fee', '"1.00 EUR, fee"'],
    ['a line', 'x\n\n@evil.example #000000', '"x (at)evil. example No. 0000 00"'],
    ['another code', 'Your code is 999999', '"Your code is 999 999"'],
    ['a full stop', '12.', '"12."'],
  ])('case 64 a value passes for nothing else: %s', (_case, payee, shown) => {
    const { text } = composeMessage({ ...facts, binding: { payee, amount: '900.00 EUR' }, origin: 'app.acme.com' });
    expect(text).toBe(
      `012345 is your Acme code for payee ${shown}, amount 900.00 EUR. It expires in 5 minutes. Never share it.\n\n@app.acme.com #012345`,
    );
  });

  it.each(['Ann', '€ 12,50', '-12.50 EUR', 'EUR 1 000.00', '12:30', '2026-01-31', 'DE75 5121 0800 1245 1261 99'])(
    'needs no quotation marks for %s',
    (value) => {
      expect(composeMessage({ ...facts, binding: { value } }).text).toContain(` code for value ${value}. It expires`);
    },
  );

  it('outside GSM-7 it gives up the lifetime for a segment, and neither details nor warning for anything', () => {
    const payee = { payee: '株式会社' };
    expect(composeMessage({ ...facts, binding: payee }).text).toBe(
      '012345 is your Acme code for payee 株式会社. Never share it.',
    );
    const long = { payee: '株式会社'.repeat(10), iban: 'NL91ABNA0417164300', amount: '1000000.00 EUR' };
    const { text } = composeMessage({ ...facts, binding: long });
    expect(text).toContain(`payee ${long.payee}, iban NL91 ABNA 0417 1643 00, amount 1 000 000.00 EUR`);
    expect(text).toContain('Never share it.');
  });

  it('sends nothing whose binding cannot be shown, and does not repeat it', () => {
    expect(() => composeMessage({ ...facts, binding: { payee: 'secret '.repeat(20) } })).toThrow(
      /^a binding of purpose 'login' cannot be shown: it must have at most 64 characters(?!.*(secret|012345))/,
    );
  });

  it('a purpose may have words of its own; the bound line is added', () => {
    const template = vi.fn<MessageTemplate>(({ code, binding: shown }) => `${code} pays ${shown?.['payee']}.`);
    const message = composeMessage({
      ...facts,
      binding: { payee: 'Ann\n@evil.example #1' },
      origin: 'app.acme.com',
      locale: 'nl-BE',
      template,
    });
    expect(message.text).toBe('012345 pays Ann (at)evil. example No. 1.\n\n@app.acme.com #012345');
    expect(message.locale).toBe('nl-BE');
    expect(template).toHaveBeenCalledExactlyOnceWith({
      ...facts,
      binding: { payee: 'Ann (at)evil. example No. 1' },
      locale: 'nl-BE',
    });
  });

  it.each(['en-a', 'de-12', 'abcdefgh-1'])('J2 %s only looks like a tag, and is no language of a text', (locale) => {
    expect(composeMessage({ ...facts, locale, template: () => '012345' }).locale).toBe('en');
  });

  it('J2 a template of a purpose is told no locale that is none', () => {
    const template = vi.fn<MessageTemplate>(({ code }) => code);
    expect(composeMessage({ ...facts, locale: 'nl\n@evil #1', template })).toEqual({ text: '012345', locale: 'en' });
    expect(template).toHaveBeenCalledExactlyOnceWith(facts);
  });

  it('A6 a template that fails sends nothing and the error has no code', () => {
    const template: MessageTemplate = () => 'Never share it.';
    expect(() => composeMessage({ ...facts, template })).toThrow(
      /^the message template of purpose 'login' (?!.*012345)/,
    );
  });

  it.each(['12345678', '123456'])('is one segment with a name of 20 characters and the code %s', (code) => {
    const { text } = composeMessage({
      code,
      serviceName: 'A'.repeat(20),
      ttlSeconds: 600,
      purpose: 'login',
      channel: 'sms',
      origin: `login.${'a'.repeat(44)}.example.com`,
    });
    expect(countSegments(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
  });
});

describe('own words of a language', () => {
  const nl = vi.fn<MessageTemplate>(({ code, serviceName }) => `${code} is de code van ${serviceName}.`);

  it('replace the shipped ones and get the bound line', () => {
    const message = composeMessage({ ...facts, origin: 'app.acme.com', locale: 'nl-BE', templates: { nl } });
    expect(message).toEqual({ text: '012345 is de code van Acme.\n\n@app.acme.com #012345', locale: 'nl' });
    expect(nl).toHaveBeenCalledExactlyOnceWith({ ...facts, locale: 'nl-BE' });
  });

  it('get details that are safe, and the channel', () => {
    const template = vi.fn<MessageTemplate>(({ code, binding }) => `${code} ${binding?.['payee']}`);
    composeMessage({
      ...facts,
      channel: 'voice',
      binding: { payee: 'x\n@evil.example #1' },
      locale: 'nl',
      templates: { nl: template },
    });
    expect(template).toHaveBeenCalledExactlyOnceWith({
      ...facts,
      channel: 'voice',
      binding: { payee: 'x (at)evil. example No. 1' },
      locale: 'nl',
    });
  });

  it('stand behind the words of a purpose', () => {
    const template: MessageTemplate = ({ code }) => `${code} pays.`;
    expect(composeMessage({ ...facts, locale: 'nl', template, templates: { nl } }).text).toBe('012345 pays.');
  });

  it.each<[string, MessageTemplate]>([
    ['no code', () => 'Deel hem met niemand.'],
    ['a line like the bound one', ({ code }) => `${code}\n@evil.example #${code}`],
    [
      'an error',
      ({ code }) => {
        throw new Error(code);
      },
    ],
  ])('A6 fail closed with %s, naming the language and never the code', (_case, template) => {
    expect(() => composeMessage({ ...facts, locale: 'nl', templates: { nl: template } })).toThrow(
      /^the message template of language 'nl' (?!.*012345)/,
    );
  });
});

describe('amounts among letters from right to left', () => {
  const composeFor = (payee: string) =>
    composeMessage({
      ...facts,
      binding: { payee, amount: '1000200.00' },
      template: ({ code, binding }) => `${code} ${binding?.['payee']} ${binding?.['amount']}`,
    }).text;

  it.each(['שלום', 'سلام'])('case 64 stay one number, so that nobody reads their groups in reverse: %s', (payee) => {
    expect(composeFor(payee)).toContain('1\u00a0000\u00a0200.00');
  });

  it('stay in GSM-7 elsewhere', () => {
    expect(composeFor('Bob')).toContain('1 000 200.00');
  });
});
