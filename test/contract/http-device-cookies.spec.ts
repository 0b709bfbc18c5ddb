import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { OtpDeviceCookie } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceTokenOf, verifyRemembering } from '../support/devices.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpAnswer, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';

const MAX_AGE = 90 * 24 * 3600;

/** An application that sets a cookie of its own on every answer. */
@Injectable()
class SessionCookie implements NestInterceptor {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler) {
    const response: unknown = context.switchToHttp().getResponse();
    this.adapterHost.httpAdapter.appendHeader(response, 'Set-Cookie', 'session=1; Path=/');
    return next.handle();
  }
}

describe.each(ADAPTERS)('the cookie of a trusted device, on %s', (adapter) => {
  let otp: OtpApp;
  let browser: OtpHttpClient;

  async function start(options: Partial<OtpAppOptions> = {}): Promise<void> {
    otp = await startOtpApp({ adapter, ...options });
    browser = new OtpHttpClient(otp, { 'Sec-Fetch-Site': 'same-origin' });
  }

  beforeEach(() => start());
  afterEach(() => otp.close());

  const signIn = async (client: OtpHttpClient, rememberDevice?: boolean) =>
    verifyRemembering(client, await client.start(), rememberDevice);

  function cookiesOf({ headers }: HttpAnswer): { pair: string; attributes: string[] }[] {
    return (headers['set-cookie'] ?? []).map((cookie) => {
      const [pair = '', ...attributes] = cookie.split('; ');
      return { pair, attributes: attributes.toSorted() };
    });
  }

  it('H2 without HTTPS it is for scripts of no page and requests of no other site', async () => {
    const answer = await signIn(browser);
    expect(answer.status).toBe(200);
    expect(cookiesOf(answer)).toEqual([
      {
        pair: expect.stringMatching(/^otp-device=[\w-]{67}$/),
        attributes: ['HttpOnly', `Max-Age=${MAX_AGE}`, 'Path=/', 'SameSite=Strict'],
      },
    ]);
  });

  it.each([
    ['in production', { production: true }],
    ['behind an https:// URL', { publicUrl: 'https://api.acme.example' }],
  ])('H2 %s it is Secure and bound to its host', async (_name, options) => {
    await otp.close();
    await start(options);
    expect(cookiesOf(await signIn(browser))).toEqual([
      {
        pair: expect.stringMatching(/^__Host-otp-device=[\w-]{67}$/),
        attributes: ['HttpOnly', `Max-Age=${MAX_AGE}`, 'Path=/', 'SameSite=Strict', 'Secure'],
      },
    ]);
  });

  it('H2 a browser gets no header, for scripts could read it; other clients get both', async () => {
    expect((await signIn(browser)).headers).not.toHaveProperty('otp-device');
    const answer = await signIn(new OtpHttpClient(otp));
    expect(cookiesOf(answer)[0]?.pair).toBe(`otp-device=${deviceTokenOf(answer)}`);
  });

  it('the body is the same with and without', async () => {
    const remembered = await signIn(browser);
    const plain = await signIn(browser, false);
    expect(Object.keys(remembered.body)).toEqual(['proof', 'expiresAt', 'phoneNumber', 'purpose']);
    expect(Object.keys(plain.body)).toEqual(Object.keys(remembered.body));
    expect(cookiesOf(plain)).toEqual([]);
  });

  it('H1 a browser that sends it is trusted, and gets a new one without asking', async () => {
    const [first] = cookiesOf(await signIn(browser));
    const trusted = new OtpHttpClient(otp, { 'Sec-Fetch-Site': 'same-origin', Cookie: `a=b; ${first?.pair}` });
    for (const waitSeconds of [31, 61, 121, 241]) {
      await browser.start();
      otp.clock.advanceSeconds(waitSeconds);
    }
    expectProblem(await browser.create(), 429, 'throttled');
    const [second] = cookiesOf(await signIn(trusted, false));
    expect(second?.pair).toMatch(/^otp-device=/);
    expect(second?.pair).not.toBe(first?.pair);
  });

  it('cookies that the application sets stay', async () => {
    await otp.close();
    await start({ metadata: { providers: [{ provide: APP_INTERCEPTOR, useClass: SessionCookie }] } });
    const pairs = cookiesOf(await signIn(browser)).map(({ pair }) => pair);
    expect(pairs).toEqual(['session=1', expect.stringMatching(/^otp-device=/)]);
  });

  it('an application’s own controllers set and clear the same cookie', async () => {
    const cookie = otp.app.get(OtpDeviceCookie, { strict: false });
    expect(cookie.serialize('abc')).toBe(`otp-device=abc; Max-Age=${MAX_AGE}; Path=/; HttpOnly; SameSite=Strict`);
    expect(cookie.clear()).toBe('otp-device=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
  });
});
