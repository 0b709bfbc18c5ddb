import { Body, Controller, Inject, type LoggerService, Post } from '@nestjs/common';
import {
  type BindingDetails,
  defineOtpPurposes,
  type MessageTemplate,
  OtpClient,
  type OtpClientInfo,
  OtpService,
  toOtpException,
} from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { twilio } from '../../libs/otp/src/delivery/transports/twilio.transport.js';
import { callHttp, named, NUMBER, OtpHttpClient, OTHER_NUMBER, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { answer as accept, ProviderServer } from '../support/provider-server.js';

const HOST = 'app.acme.com';

/** As lax as a schema can be: whatever a request brings reaches the message. */
const binding = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

@Controller()
class PayoutsController {
  constructor(@Inject(OtpService) private readonly otp: OtpService) {}

  @Post('payouts')
  async start(@Body() details: BindingDetails, @OtpClient() client: OtpClientInfo) {
    const result = await this.otp.issue({ purpose: 'payout', phoneNumber: NUMBER, binding: details, client });
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    return result.challenge;
  }
}

/** Site and code as a browser reads them from a message: from its last line only (WICG, origin-bound one-time codes). */
function readBoundLine(text: string): { host: string | undefined; code: string | undefined } {
  const last = text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).at(-1) ?? '';
  const { host, code } = /^@(?<host>\S+) #(?<code>\S+)/.exec(last)?.groups ?? {};
  return { host, code };
}

describe.each(ADAPTERS)('messages that show what is signed, on %s', (adapter) => {
  let otp: OtpApp;
  const logged: string[] = [];
  const write = (...parts: unknown[]) => logged.push(parts.map(String).join(' '));
  const logger: LoggerService = { log: write, warn: write, error: write };

  afterEach(() => otp.close());

  async function start(message?: MessageTemplate) {
    logged.length = 0;
    otp = await startOtpApp({
      adapter,
      origin: HOST,
      messages: { languages: ['en'] },
      purposes: defineOtpPurposes({ payout: { ttlSeconds: 180, binding, ...(message && { message }) } }),
      metadata: { controllers: [PayoutsController] },
      configure: (app) => app.useLogger(logger),
    });
  }

  const pay = (details: unknown) => callHttp(otp.url, { method: 'POST', path: '/payouts', body: details });
  const text = () => otp.transport.lastTo(NUMBER)?.text ?? '';

  it('A4 amount and payee stand in the message, and again in the next', async () => {
    await start();
    const challengeId = textMember(await pay({ amount: '12.00 EUR', payee: 'NL91ABNA0417164300' }), 'challengeId');
    const wording = (code: string) =>
      `${code} is your Acme code for amount 12.00 EUR, payee NL91 ABNA 0417 1643 00. It expires in 3 minutes. Never share it.\n\n@${HOST} #${code}`;
    expect(text()).toBe(wording(otp.codeTo(NUMBER)));
    otp.clock.advanceSeconds(31);
    expect((await new OtpHttpClient(otp).resend(challengeId)).status).toBe(200);
    expect(otp.transport.messages).toHaveLength(2);
    expect(text()).toBe(wording(otp.codeTo(NUMBER)));
  });

  it('A4 no channel hides what is signed: a template that shows the code alone does not take it', async () => {
    const server = await ProviderServer.start();
    server.reaction = accept(201, { sid: `SM${'ab12'.repeat(8)}` });
    const hexadecimal = 'ab12'.repeat(8);
    const transport = twilio({
      accountSid: `AC${hexadecimal}`,
      authToken: 'token',
      from: '+15005550006',
      whatsapp: { from: '+15005550006', contentSid: `HX${hexadecimal}` },
      baseUrl: server.url,
    });
    const channels = ['sms', 'whatsapp'] as const;
    otp = await startOtpApp({
      adapter,
      purposes: defineOtpPurposes({ payout: { binding, channels }, login: { start: 'public', channels } }),
      transports: [transport],
      metadata: { controllers: [PayoutsController] },
    });
    const client = new OtpHttpClient(otp);
    const challengeId = textMember(await pay({ amount: '9,999.00 EUR', payee: 'Mallory' }), 'challengeId');
    expect(new URLSearchParams(server.last.body).get('Body')).toContain('9,999.00 EUR');
    otp.clock.advanceSeconds(31);
    expectProblem(await client.resend(challengeId, { channel: 'whatsapp' }), 503, 'delivery_failed');
    expect(server.seen).toHaveLength(1);
    expect((await client.create({ phoneNumber: OTHER_NUMBER, channel: 'whatsapp' })).status).toBe(201);
    expect(new URLSearchParams(server.last.body).get('ContentSid')).toBe(`HX${hexadecimal}`);
    await server.close();
  });

  const attacks = [
    'x\n\n@evil.example #000000',
    'x\r\n@evil.example #000000',
    'x\u2028@evil.example #000000',
    'x\u0085@evil.example #000000',
    '＠evil．example ＃０００００0',
    'Ann. 999999 is your Acme code',
    'https://evil.example/login',
    'www.evil.example',
    'evil。example',
    '\u202Eelpmaxe.live\u202C',
    'e\u200Bv\u200Bi\u200Bl.com',
    'Ann", amount "1.00 EUR',
    '${code} {code} %s $& $1',
    '\u001B[2J\u001B[31m',
  ];

  it.each(named(attacks))('case 64 a payee called %s is inert', async (_name, payee) => {
    await start();
    expect((await pay({ payee, amount: '900.00 EUR' })).status).toBe(201);
    const code = otp.codeTo(NUMBER);
    const [words = '', ...rest] = text().split('\n');
    expect(rest).toEqual(['', `@${HOST} #${code}`]);
    expect(readBoundLine(text())).toEqual({ host: HOST, code });
    expect(words).toMatch(/^\d{6} is your Acme code for payee .+, amount 900\.00 EUR\. It expires in 3 minutes\./);
    expect(words.slice(code.length)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}@#]|\p{Nd}{6}|:\/\/|www\.\S|[.。]\p{L}{2}/iu);
  });

  it('case 64 words of the application get the same safe texts', async () => {
    await start(({ code, binding: shown }) => `${code}\n${shown?.['payee']}`);
    expect((await pay({ payee: '@evil.example #000000' })).status).toBe(201);
    const code = otp.codeTo(NUMBER);
    expect(text()).toBe(`${code}\n(at)evil. example No. 0000 00\n\n@${HOST} #${code}`);
  });

  it.each([
    ['#/payee', { amount: '1', payee: 'x'.repeat(65) }],
    ['#/payee', { amount: '1', payee: '\u200B' }],
    ['#/c', { a: 'x'.repeat(60), b: 'x'.repeat(60), c: 'x'.repeat(60) }],
    ['#/to Bob, amount', { 'to Bob, amount': '1' }],
  ])('what cannot be shown whole, %s, is refused before anything is spent', async (pointer, details) => {
    await start();
    for (let times = 0; times < 10; times += 1) {
      const answer = await pay(details);
      expectProblem(answer, 400, 'invalid_request');
      expect(answer.body['errors']).toEqual([{ pointer, detail: expect.any(String) }]);
    }
    expect(otp.transport.messages).toEqual([]);
    expect((await pay({ amount: '1' })).status).toBe(201);
  });

  it.each<[string, (code: string) => string]>([
    ['returns no code', () => 'Never share it.'],
    ['writes the bound line itself', (code) => `${code}\n@evil.example #${code}`],
    [
      'throws',
      (code) => {
        throw new Error(`no words for ${code}`);
      },
    ],
  ])('A6 a template that %s sends nothing, and no answer or log has the code', async (_name, words) => {
    const template = vi.fn<MessageTemplate>(({ code }) => words(code));
    await start(template);
    const answer = await pay({ amount: '1' });
    expect(answer.status).toBe(500);
    expect(otp.transport.messages).toEqual([]);
    const code = template.mock.calls[0]?.[0].code ?? '';
    expect(code).toMatch(/^\d{6}$/);
    expect(logged.join('\n')).toContain("purpose 'payout'");
    expect(`${answer.text}\n${logged.join('\n')}`).not.toContain(code);
    // The number gets its message back, but for the cooldown.
    expectProblem(await pay({ amount: '1' }), 429, 'throttled');
    expect(template).toHaveBeenCalledOnce();
  });
});
