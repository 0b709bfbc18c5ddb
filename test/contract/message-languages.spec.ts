import type { OtpOptions } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('the language of a message, on %s', (adapter) => {
  let otp: OtpApp;
  afterEach(() => otp.close());

  async function messageFor(
    body: object,
    options: Pick<OtpOptions, 'messages' | 'origin'> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    otp = await startOtpApp({ adapter, ...options });
    const { status } = await new OtpHttpClient(otp, headers).create({ phoneNumber: NUMBER, ...body });
    expect(status).toBe(201);
    const { text, locale } = otp.transport.messages[0] ?? { text: '', locale: '' };
    return { text, locale };
  }

  it('U3 is the one that was asked for', async () => {
    const { text, locale } = await messageFor({ locale: 'de-AT' });
    expect(text).toMatch(/^\d{6} ist Ihr Code für Acme\. Er gilt 5 Minuten\. /);
    expect(locale).toBe('de');
  });

  it('U3 is that of the number’s country where none is asked for, or one without words', async () => {
    const { text, locale } = await messageFor({});
    expect(text).toMatch(/^\d{6} is je code voor Acme\. /);
    expect(locale).toBe('nl');
    await otp.close();
    expect((await messageFor({ locale: 'tlh' })).locale).toBe('nl');
  });

  it('U3 is English where services write that, unless another one is asked for', async () => {
    const phoneNumber = '+919876543210';
    expect((await messageFor({ phoneNumber })).text).toMatch(/^\d{6} is your Acme code\./);
    await otp.close();
    expect((await messageFor({ phoneNumber, locale: 'hi' })).locale).toBe('hi');
    await otp.close();
    expect((await messageFor({ phoneNumber }, {}, { 'Accept-Language': 'ta-IN,en;q=0.5' })).locale).toBe('ta');
    await otp.close();
    expect((await messageFor({ phoneNumber }, { messages: { languages: ['hi', 'ta'] } })).locale).toBe('hi');
  });

  it('U3 is the browser’s where the request names none', async () => {
    const accepts = (list: string) => ({ 'Accept-Language': list });
    expect((await messageFor({}, {}, accepts('de-DE,de;q=0.9,en;q=0.8'))).locale).toBe('de');
    await otp.close();
    expect((await messageFor({ locale: 'fr' }, {}, accepts('de'))).locale).toBe('fr');
    await otp.close();
    expect((await messageFor({}, {}, accepts('*'))).locale).toBe('nl');
    await otp.close();
    expect((await messageFor({}, {}, accepts(`${'x-'.repeat(2000)}x`))).locale).toBe('nl');
  });

  it('is one that the application allows', async () => {
    const languages = ['en', 'fr'];
    expect((await messageFor({ locale: 'de' }, { messages: { languages } })).locale).toBe('en');
    await otp.close();
    expect((await messageFor({ locale: 'fr-CA' }, { messages: { languages } })).locale).toBe('fr');
  });

  it('has the application’s own words where it has some', async () => {
    const messages = { templates: { 'nl-BE': ({ code }: { code: string }) => `${code}: uw code` } };
    const { text, locale } = await messageFor({ locale: 'nl-BE' }, { messages, origin: 'app.acme.com' });
    expect(text).toMatch(/^(?<code>\d{6}): uw code\n\n@app\.acme\.com #\k<code>$/);
    expect(locale).toBe('nl-BE');
    await otp.close();
    expect((await messageFor({ locale: 'nl-NL' }, { messages })).text).toMatch(/^\d{6} is je code voor Acme\./);
  });

  it('U3 the hash of an Android app stands before the bound line', async () => {
    const messages = { androidAppHash: 'FA+9qCX9VSu', languages: ['en'] };
    const { text } = await messageFor({}, { messages, origin: 'app.acme.com' });
    expect(text).toMatch(/^(?<code>\d{6}) is your Acme code\..*\n\nFA\+9qCX9VSu\n@app\.acme\.com #\k<code>$/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(140);
  });
});

describe('options of messages', () => {
  it.each<[string, OtpOptions['messages']]>([
    ['androidAppHash', { androidAppHash: 'too short' }],
    ['languages', { languages: [] }],
    ['languages', { languages: ['no_tag'] }],
    ['templates', { templates: { 'no tag!': ({ code }) => code } }],
    ['languages', { languages: ['en', 'tlh'] }],
  ])('a mistake in %s is told at boot: %o', async (option, messages) => {
    await expect(startOtpApp({ ...(messages && { messages }) })).rejects.toThrow(`- messages.${option}: `);
  });
});
