import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import sdk from 'twilio';
import type { OutgoingMessage } from '../../../libs/otp/src/delivery/sms-transport.js';
import { twilio, type TwilioOptions } from '../../../libs/otp/src/delivery/transports/twilio.transport.js';
import { VOICES } from '../../../libs/otp/src/delivery/transports/twilio-voices.js';
import { NO_ABORT, OUTGOING } from '../../support/outgoing.js';
import { describeProviderFailures } from '../../support/provider-failures.js';
import { answer, hang, ProviderServer, type Reaction } from '../../support/provider-server.js';

const hex = 'ab12'.repeat(8);
const ACCOUNT = `AC${hex}`;
const SERVICE = `MG${hex}`;
const TEMPLATE = `HX${hex}`;
const KEY = `SK${hex}`;
const FROM = '+15005550006';
const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;

const sidOf = (kind: 'SM' | 'CA', count: number) => `${kind}${String(count).padStart(32, '0')}`;
const accept = (sid: string): Reaction => answer(201, { sid, status: 'queued', error_code: null });
const accepting = (kind: 'SM' | 'CA' = 'SM') => accept(sidOf(kind, 7));

let provider: ProviderServer;

beforeEach(async () => {
  provider = await ProviderServer.start();
  provider.reaction = accepting();
});
afterEach(() => provider.close());

const made = (options: Partial<TwilioOptions> = {}) =>
  twilio({ accountSid: ACCOUNT, authToken: 't0ken', from: FROM, baseUrl: provider.url, ...options });

const withoutFrom = (options: Partial<TwilioOptions>) =>
  twilio({ accountSid: ACCOUNT, authToken: 't0ken', baseUrl: provider.url, ...options });

async function sent(transport: ReturnType<typeof twilio>, message: Partial<OutgoingMessage> = {}, receiptUrl?: string) {
  const result = await transport.send({ ...OUTGOING, ...message }, { signal: NO_ABORT, receiptUrl });
  expect(result.outcome).toBe('accepted');
  return { ...provider.last, form: Object.fromEntries(new URLSearchParams(provider.last.body)) };
}

describe('what is sent', () => {
  it('an SMS, as Twilio documents it', async () => {
    const request = await sent(made(), {}, 'https://app.example.com/otp/webhooks/twilio');
    expect(request).toMatchObject({ method: 'POST', url: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json` });
    expect(request.headers['authorization']).toBe(basic(ACCOUNT, 't0ken'));
    expect(request.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(request.form).toEqual({
      To: OUTGOING.to,
      From: FROM,
      Body: OUTGOING.text,
      SmartEncoded: 'false',
      ValidityPeriod: '300',
      StatusCallback: 'https://app.example.com/otp/webhooks/twilio',
    });
  });

  it('by a messaging service, with all that can be chosen', async () => {
    const transport = withoutFrom({
      messagingServiceSid: SERVICE,
      riskCheck: 'enable',
      contentRetention: 'discard',
      addressRetention: 'obfuscate',
      feedback: true,
    });
    expect((await sent(transport)).form).toEqual({
      To: OUTGOING.to,
      MessagingServiceSid: SERVICE,
      Body: OUTGOING.text,
      SmartEncoded: 'false',
      ProvideFeedback: 'true',
      ValidityPeriod: '300',
      RiskCheck: 'enable',
      ContentRetention: 'discard',
      AddressRetention: 'obfuscate',
    });
  });

  it('with the sender of the country', async () => {
    const transport = made({ from: { default: FROM, NL: 'Acme' } });
    expect((await sent(transport)).form['From']).toBe('Acme');
    expect((await sent(transport, { country: 'DE' })).form['From']).toBe(FROM);
    expect((await sent(transport, { country: 'constructor' })).form['From']).toBe(FROM);
  });

  it('with an API key, whose id and secret change together', async () => {
    const keys = [`${KEY}:one`, `${KEY.replace('ab', 'cd')}:two`];
    const transport = twilio({
      accountSid: ACCOUNT,
      apiKey: () => keys.shift() ?? '',
      from: FROM,
      baseUrl: provider.url,
    });
    expect((await sent(transport)).headers['authorization']).toBe(basic(KEY, 'one'));
    const second = await sent(transport);
    expect(second.headers['authorization']).toBe(basic(KEY.replace('ab', 'cd'), 'two'));
    expect(second.url).toContain(`/Accounts/${ACCOUNT}/`);
  });

  it('an API key of another form sends nothing', async () => {
    const transport = twilio({ accountSid: ACCOUNT, apiKey: () => 's3cret', from: FROM, baseUrl: provider.url });
    const result = await transport.send(OUTGOING, { signal: NO_ABORT });
    expect(result).toEqual({ outcome: 'failed', reason: 'configuration', detail: 'the request could not be made' });
    expect(provider.seen).toHaveLength(0);
  });

  it.each([
    [0, '1'],
    [0.5, '1'],
    [600, '600'],
    [99_999, '36000'],
  ])('a lifetime of %d s as a validity of %s', async (ttlSeconds, validity) => {
    expect((await sent(made(), { ttlSeconds })).form['ValidityPeriod']).toBe(validity);
  });

  it('text that a form would change arrives as it was', async () => {
    const text = 'a+b & c=d %41 €é\u{1F600}\n\n@app.example.com #918273';
    expect((await sent(made(), { text })).form['Body']).toBe(text);
  });

  it('a WhatsApp message: the text, or an approved template with the code', async () => {
    const text = await sent(made({ whatsapp: { from: FROM } }), { channel: 'whatsapp' });
    expect(text.form).toEqual({
      From: `whatsapp:${FROM}`,
      To: `whatsapp:${OUTGOING.to}`,
      Body: OUTGOING.text,
      ValidityPeriod: '300',
    });
    const template = await sent(made({ whatsapp: { from: FROM, contentSid: TEMPLATE } }), { channel: 'whatsapp' });
    expect(template.form).toEqual({
      From: `whatsapp:${FROM}`,
      To: `whatsapp:${OUTGOING.to}`,
      ContentSid: TEMPLATE,
      ContentVariables: '{"1":"918273"}',
      ValidityPeriod: '300',
    });
  });

  it('a call that says the text twice in its language', async () => {
    provider.reaction = accepting('CA');
    const call = await sent(made({ voice: { from: FROM } }), {
      channel: 'voice',
      locale: 'nl',
      text: 'Uw code: 9, 1, 8',
    });
    expect(call.url).toBe(`/2010-04-01/Accounts/${ACCOUNT}/Calls.json`);
    const say = '<Say language="nl-NL">Uw code: 9, 1, 8</Say>';
    expect(call.form).toEqual({
      From: FROM,
      To: OUTGOING.to,
      Twiml: `<Response>${say}<Pause length="1"/>${say}</Response>`,
    });
  });

  it.each([
    ['nb', 'nb-NO'],
    ['no', 'nb-NO'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['de-CH', 'de-DE'],
    ['en', 'en-US'],
    ['en-NZ', 'en-US'],
    ['es-419', 'es-ES'],
    ['zh', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['zh-HK', 'zh-HK'],
  ])('a text in %s is spoken by Twilio’s %s', async (locale, language) => {
    provider.reaction = accepting('CA');
    const transport = made({ voice: { from: FROM } });
    expect(transport.carries?.({ ...OUTGOING, channel: 'voice', locale })).toBe(true);
    const { form } = await sent(transport, { channel: 'voice', locale });
    expect(form['Twiml']).toContain(`<Say language="${language}">`);
  });

  it.each(['am', 'ar', 'sr-Latn', 'km', 'my', 'uz', 'ga', 'cs'])(
    'no call in %s, which Twilio’s voices do not speak; the SMS is sent',
    async (locale) => {
      const transport = made({ voice: { from: FROM } });
      const message = { ...OUTGOING, locale };
      expect(await transport.send({ ...message, channel: 'voice' }, { signal: NO_ABORT })).toEqual({
        outcome: 'failed',
        reason: 'configuration',
        detail: 'the request could not be made',
      });
      expect(provider.seen).toHaveLength(0);
      expect(transport.carries?.({ ...message, channel: 'voice' })).toBe(false);
      expect(transport.carries?.(message)).toBe(true);
      expect(await transport.send(message, { signal: NO_ABORT })).toMatchObject({ outcome: 'accepted' });
    },
  );

  it.each(VOICES)('the official SDK writes the same call, with a name that its types know: %s', async (language) => {
    provider.reaction = accepting('CA');
    const text = '9, 1, 8 & more < all';
    const theirs = new sdk.twiml.VoiceResponse();
    theirs.say({ language }, text);
    theirs.pause({ length: 1 });
    theirs.say({ language }, text);
    const { form } = await sent(made({ voice: { from: FROM } }), { channel: 'voice', locale: language, text });
    expect(form['Twiml']).toBe(theirs.toString().replace(/^<\?xml[^>]*\?>/, ''));
  });

  it('case 64: nothing in a text becomes an instruction of the call', async () => {
    provider.reaction = accepting('CA');
    const text = `</Say><Dial>+1900</Dial>&amp;"'\u0000\r\n`;
    const { form } = await sent(made({ voice: { from: FROM } }), { channel: 'voice', text });
    expect(form['Twiml']).not.toMatch(/<Dial|\p{Cc}/u);
    expect(form['Twiml']).toContain('&lt;/Say&gt;&lt;Dial&gt;+1900&lt;/Dial&gt;&amp;amp;&quot;&apos; </Say>');
  });

  it('declares the channels that are configured, and sends by no other', async () => {
    expect(made().channels).toEqual(['sms']);
    const voice = withoutFrom({ voice: { from: FROM } });
    expect(voice.channels).toEqual(['voice']);
    expect(made({ voice: { from: FROM }, whatsapp: { from: FROM } }).channels).toEqual(['sms', 'voice', 'whatsapp']);
    for (const [transport, channel] of [
      [made(), 'voice'],
      [made(), 'whatsapp'],
      [made(), 'email'],
      [voice, 'sms'],
    ] as const) {
      const result = await transport.send({ ...OUTGOING, channel }, { signal: NO_ABORT });
      expect(result).toMatchObject({ outcome: 'failed', reason: 'configuration' });
    }
    expect(provider.seen).toHaveLength(0);
  });

  it('the official SDK sends the same', async () => {
    const client = sdk(ACCOUNT, 't0ken', { httpClient: loopbackClient() });
    const fields = { to: OUTGOING.to, from: FROM, body: 'a+b & é\n\n@app.example.com #918273' };
    const options = { smartEncoded: false, validityPeriod: 300, riskCheck: 'enable', provideFeedback: true } as const;
    const statusCallback = 'https://app.example.com/otp/webhooks/twilio';
    await client.messages.create({ ...fields, ...options, statusCallback });
    const theirs = provider.last;
    await sent(made({ riskCheck: 'enable', feedback: true }), { text: fields.body }, statusCallback);
    const ours = provider.last;
    expect([ours.method, ours.url, ours.headers.authorization]).toEqual([
      theirs.method,
      theirs.url,
      theirs.headers.authorization,
    ]);
    expect(parts(ours.body)).toEqual(parts(theirs.body));
  });
});

/** The SDK's own client, with its requests turned to this machine. */
function loopbackClient() {
  const client = new sdk.RequestClient();
  const request = client.request.bind(client);
  client.request = (options) =>
    request({ ...options, uri: options.uri.replace('https://api.twilio.com', provider.url) });
  return client;
}

const parts = (form: string) => [...new URLSearchParams(form)].map(([name, value]) => `${name}=${value}`).toSorted();

describe('what an answer means', () => {
  const send = async (reaction: Reaction) => {
    provider.reaction = reaction;
    return made().send(OUTGOING, { signal: NO_ABORT });
  };

  it('201 with the id of a message is accepted', async () => {
    const sid = `SM${hex}`;
    expect(await send(answer(201, { sid, status: 'accepted' }))).toEqual({ outcome: 'accepted', messageId: sid });
  });

  it.each([[`XX${hex}`], ['SM1'], [`SM${hex}\n`], [7], [null], [{}]])(
    'case 56: 201 with %j as id is unknown',
    async (sid) => {
      expect(await send(answer(201, { sid }))).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
    },
  );

  it.each([
    [21211, 'invalid-recipient'],
    [21614, 'invalid-recipient'],
    [30005, 'invalid-recipient'],
    [30006, 'invalid-recipient'],
    [21610, 'opted-out'],
    [21612, 'blocked-destination'],
    [30004, 'blocked-destination'],
    [20003, 'configuration'],
    [21408, 'configuration'],
    [21602, 'configuration'],
    [21606, 'configuration'],
    [21608, 'configuration'],
    [21617, 'configuration'],
    [30002, 'configuration'],
    [30007, 'configuration'],
    [20429, 'transient'],
    [21611, 'transient'],
    [21730, 'transient'],
    [30001, 'transient'],
    [30003, 'transient'],
    [30008, 'transient'],
  ])('code %i is %s, whatever the status', async (code, reason) => {
    for (const status of [400, 401, 429, 503]) {
      const result = await send(answer(status, { code, message: OUTGOING.text, more_info: OUTGOING.to, status }));
      expect(result).toEqual({ outcome: 'failed', reason, detail: `Twilio ${code}` });
    }
  });

  it.each([
    [400, 21_999, 'configuration'],
    [402, 21_999, 'quota'],
    [429, 21_999, 'transient'],
    [500, 20_500, 'transient'],
    [503, 20_503, 'transient'],
  ])('status %i with the unknown code %i is %s', async (status, code, reason) => {
    expect(await send(answer(status, { code }))).toEqual({ outcome: 'failed', reason, detail: `Twilio ${code}` });
  });

  it.each(['21211', 918_273, -1, 20_003.5, null, [21_211]])(
    'A6 a code that is none is not repeated: %j',
    async (code) => {
      expect(await send(answer(400, { code }))).toEqual({
        outcome: 'failed',
        reason: 'configuration',
        detail: 'HTTP 400',
      });
    },
  );
});

describe('conversion feedback', () => {
  const sid = `SM${hex}`;

  it('says which code was entered', async () => {
    provider.reaction = answer(201, { outcome: 'confirmed' });
    await made({ feedback: true }).confirm?.(sid, { signal: NO_ABORT });
    expect(provider.last).toMatchObject({
      method: 'POST',
      url: `/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid}/Feedback.json`,
      body: 'Outcome=confirmed',
    });
    expect(provider.last.headers['authorization']).toBe(basic(ACCOUNT, 't0ken'));
  });

  it('the official SDK says the same', async () => {
    provider.reaction = answer(201, { outcome: 'confirmed' });
    const client = sdk(ACCOUNT, 't0ken', { httpClient: loopbackClient() });
    await client.messages(sid).feedback.create({ outcome: 'confirmed' });
    const theirs = provider.last;
    await made({ feedback: true }).confirm?.(sid, { signal: NO_ABORT });
    const { method, url, body } = provider.last;
    expect({ method, url, body }).toEqual({ method: theirs.method, url: theirs.url, body: theirs.body });
  });

  it('is told where it was asked for, and of messages only', async () => {
    expect(made().confirm).toBeUndefined();
    for (const id of [`CA${hex}`, '../../Calls', `${sid}/../x`]) {
      await made({ feedback: true }).confirm?.(id, { signal: NO_ABORT });
    }
    expect(provider.seen).toHaveLength(0);
  });

  it.each([
    ['a refusal', answer(404, { message: 'no such message +31612345678' })],
    ['a redirect', answer(307, '', { location: '/elsewhere' })],
  ])('L1 %s is an error that names nobody', async (_case, reaction) => {
    provider.reaction = reaction;
    const confirmed = made({ feedback: true }).confirm?.(sid, { signal: NO_ABORT });
    await expect(confirmed).rejects.toThrow(/^Twilio took no feedback \(HTTP \d+\)$/);
    expect(provider.seen).toHaveLength(1);
  });

  it('L1 no answer is an error, after the timeout or when the caller stops', async () => {
    provider.reaction = hang;
    const late = made({ feedback: true, timeoutSeconds: 0.03 }).confirm?.(sid, { signal: NO_ABORT });
    await expect(late).rejects.toThrow('no answer in time');
    const stopped = made({ feedback: true }).confirm?.(sid, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow('stopped by the caller');
  });
});

describe('options', () => {
  const valid: TwilioOptions = { accountSid: ACCOUNT, authToken: 's3cret', from: FROM };

  it.each<[string, object]>([
    ['accountSid', { accountSid: 'AC/../s3cret' }],
    ['accountSid', { accountSid: `SK${hex}` }],
    ['accountSid', { accountSid: `${ACCOUNT}\n` }],
    ['apiKey', { apiKey: `${KEY}:s3cret` }],
    ['apiKey', { authToken: undefined }],
    ['apiKey', { authToken: undefined, apiKey: 's3cret' }],
    ['authToken', { authToken: '' }],
    ['authToken', { authToken: ' s3cret' }],
    ['from', { from: undefined }],
    ['from', { from: '' }],
    ['from', { from: { NL: 's3cret' } }],
    ['from', { messagingServiceSid: SERVICE }],
    ['messagingServiceSid', { from: undefined, messagingServiceSid: 'MGs3cret' }],
    ['whatsapp.contentSid', { whatsapp: { from: FROM, contentSid: 's3cret' } }],
    ['whatsapp.from', { whatsapp: { from: '' } }],
    ['whatsapp.from', { whatsapp: { from: 's3cret' } }],
    ['voice.from', { voice: { from: '' } }],
    ['voice.from', { voice: { from: 's3cret' } }],
    ['voice.from', { voice: { from: { default: FROM, GB: 's3cret' } } }],
    ['from', { from: 's3cret GmbH & Co' }],
    ['from', { from: { default: FROM, GB: 's3crét' } }],
    ['from', { from: '+1234567890123456' }],
    ['riskCheck', { riskCheck: 's3cret' }],
    ['contentRetention', { contentRetention: 'obfuscate' }],
    ['addressRetention', { addressRetention: 'discard' }],
    ['baseUrl', { baseUrl: 'http://api.example.com/s3cret' }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['name', { name: 'Twilio s3cret' }],
    ['receipts.authTokens', { receipts: { authTokens: [] } }],
    ['receipts.tokens', { receipts: { authTokens: ['s3cret'], tokens: ['s3cret'] } }],
  ])('a wrong %s is named with its mend and without its value: %j', (option, wrong) => {
    const options: TwilioOptions = Object.assign({ ...valid }, wrong);
    expect(() => twilio(options)).toThrow(new RegExp(`^twilio: option ${option.replace('.', '\\.')} `));
    expect(() => twilio(options)).not.toThrow('s3cret');
  });

  it.each([FROM, '15005550006', '12345', 'Acme', '7Eleven', 'A&B Shop-1', 'Acme Holdin'])(
    'a sender of SMS may be %s',
    async (from) => {
      expect((await sent(made({ from }))).form['From']).toBe(from);
    },
  );

  it('accepts what is right', () => {
    expect(twilio(valid).name).toBe('twilio');
    expect(twilio({ ...valid, name: 'twilio-eu' }).name).toBe('twilio-eu');
    expect(twilio(valid).receipts).toBeUndefined();
  });
});

describeProviderFailures({
  make: (baseUrl, { credential, ...rest }) =>
    twilio({ accountSid: ACCOUNT, authToken: credential, from: FROM, baseUrl, ...rest }),
  accept,
  messageId: (count) => sidOf('SM', count),
  authorization: (secret) => basic(ACCOUNT, secret),
});
