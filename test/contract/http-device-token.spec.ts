import { Controller, Get } from '@nestjs/common';
import { OtpClient, type OtpClientInfo } from 'nestjs-sms-otp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callHttp, type HttpCall, named } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

const TOKEN = 'a'.repeat(66) + 'A';
const OTHER = 'b'.repeat(66) + 'A';

@Controller('client')
class ClientController {
  @Get()
  client(@OtpClient() { deviceToken = 'none' }: OtpClientInfo) {
    return { deviceToken };
  }
}

describe.each(ADAPTERS)('the device token of a request, on %s', (adapter) => {
  let plain: OtpApp;
  let secure: OtpApp;

  beforeAll(async () => {
    const metadata = { controllers: [ClientController] };
    plain = await startOtpApp({ adapter, metadata });
    secure = await startOtpApp({ adapter, metadata, publicUrl: 'https://api.acme.example' });
  });

  afterAll(() => Promise.all([plain.close(), secure.close()]));

  async function seen(otp: OtpApp, headers: HttpCall['headers']): Promise<unknown> {
    const answer = await callHttp(otp.url, { path: '/client', headers: headers ?? {} });
    expect(answer.status).toBe(200);
    return answer.body['deviceToken'];
  }

  it('B6 comes from the header or from the cookie, and the header wins', async () => {
    expect(await seen(plain, {})).toBe('none');
    expect(await seen(plain, { 'OTP-Device': TOKEN })).toBe(TOKEN);
    expect(await seen(plain, { 'otp-device': TOKEN })).toBe(TOKEN);
    expect(await seen(plain, { Cookie: `a=b; otp-device=${TOKEN}; c=d` })).toBe(TOKEN);
    expect(await seen(plain, { 'OTP-Device': OTHER, Cookie: `otp-device=${TOKEN}` })).toBe(OTHER);
    expect(await seen(plain, { 'OTP-Device': '?', Cookie: `otp-device=${TOKEN}` })).toBe('none');
  });

  it('H2 over HTTPS only the cookie that no other host can set is read', async () => {
    expect(await seen(secure, { Cookie: `__Host-otp-device=${TOKEN}` })).toBe(TOKEN);
    expect(await seen(secure, { Cookie: `otp-device=${TOKEN}` })).toBe('none');
    expect(await seen(secure, { Cookie: `otp-device=${OTHER}; __Host-otp-device=${TOKEN}` })).toBe(TOKEN);
    expect(await seen(plain, { Cookie: `__Host-otp-device=${TOKEN}` })).toBe('none');
  });

  it.each([
    ['two headers', { 'OTP-Device': [TOKEN, OTHER] }],
    ['two cookies', { Cookie: `otp-device=${TOKEN}; otp-device=${OTHER}` }],
    ['two cookies, one of them empty', { Cookie: `otp-device=; otp-device=${OTHER}` }],
    ['two cookies, the last one empty', { Cookie: `otp-device=${OTHER}; x=y; otp-device=` }],
    ['a cookie of another case', { Cookie: `OTP-Device=${TOKEN}` }],
  ])('J1 %s are none', async (_name, headers) => {
    expect(await seen(plain, headers)).toBe('none');
  });

  it.each(
    named([
      '',
      ' ',
      'a'.repeat(513),
      'a'.repeat(4000),
      `${TOKEN}=`,
      `${TOKEN}, ${TOKEN}`,
      '../x',
      '%41%41',
      '"aaa"',
      'é',
    ]),
  )('J1 %s is none, and no error', async (_name, token) => {
    expect(await seen(plain, { 'OTP-Device': token })).toBe('none');
    expect(await seen(plain, { Cookie: `otp-device=${token}` })).toBe('none');
  });
});
