import { afterEach, describe, expect, it } from 'vitest';
import type { ForwardedHeader } from 'nestjs-sms-otp';
import { OtpHttpClient } from '../support/http.js';
import { IP_SENDS, letMessagesAge, numberApart } from '../support/limits.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

type Headers = Readonly<Record<string, string | string[]>>;

/** One more than a client may have unanswered. */
const MESSAGES = IP_SENDS + 1;
const ONE_CLIENT = [...Array.from({ length: IP_SENDS }, () => 201), 429];
const MANY_CLIENTS = Array.from({ length: MESSAGES }, () => 201);

describe.each(ADAPTERS)('the header Forwarded (RFC 7239) over HTTP, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  /**
   * Sends messages to numbers of different prefixes through a proxy on loopback, each old enough to count when the next
   * is asked for, and gives the statuses.
   */
  async function sendAll(header: ForwardedHeader, headersOf: (index: number) => Headers): Promise<number[]> {
    otp = await startOtpApp({
      adapter,
      trustedProxies: ['loopback'],
      forwardedHeader: header,
    });
    const client = new OtpHttpClient(otp);
    const statuses: number[] = [];
    for (let index = 0; index < MESSAGES; index++) {
      const body = { phoneNumber: numberApart(index) };
      const answer = await client.call({
        method: 'POST',
        path: '/otp/challenges',
        body,
        headers: { ...headersOf(index) },
      });
      statuses.push(answer.status);
      letMessagesAge(otp.clock);
    }
    return statuses;
  }

  it('C3 gives each client that the proxy saw its own budget', async () => {
    const own = (index: number) => ({ Forwarded: `for=203.0.113.${index};proto=https` });
    expect(await sendAll('forwarded', own)).toEqual(MANY_CLIENTS);
  });

  it('C4 reads quoted IPv6 with a port, and counts it by /64', async () => {
    const rotating = (index: number) => ({
      Forwarded: `For="[2001:db8:1:2:${index.toString(16)}::1]:${4711 + index}"`,
    });
    expect(await sendAll('forwarded', rotating)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 only the hop that the proxy saw counts, whatever stands left of it', async () => {
    const forged = (index: number) => ({ forwarded: `for=198.51.100.${index}, for=127.0.0.1, for=203.0.113.7` });
    expect(await sendAll('forwarded', forged)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 of several Forwarded lines the last hop counts', async () => {
    const lines = (index: number) => ({ Forwarded: [`for=198.51.100.${index}`, 'for=203.0.113.7'] });
    expect(await sendAll('forwarded', lines)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 a quote left open does not make a client, but shares the one budget of the unknown', async () => {
    const open = (index: number) => ({ Forwarded: [`for=198.51.100.${index};x="`, `for=203.0.113.${index}`] });
    expect(await sendAll('forwarded', open)).toEqual(ONE_CLIENT);
  });

  it('C3 what names no address shares one budget', async () => {
    const texts = ['for=unknown', 'for=_hidden', 'for=203.0.113.7:80', 'proto=https', 'for="x', '203.0.113.7'];
    const hidden = (index: number) => ({ Forwarded: texts[index % texts.length] ?? '' });
    expect(await sendAll('forwarded', hidden)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 X-Forwarded-For is not read where the proxies set Forwarded', async () => {
    const both = (index: number) => ({ Forwarded: 'for=203.0.113.7', 'X-Forwarded-For': `198.51.100.${index}` });
    expect(await sendAll('forwarded', both)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 X-Forwarded-For does not stand in for a Forwarded that is missing', async () => {
    const other = (index: number) => ({ 'X-Forwarded-For': `198.51.100.${index}` });
    expect(await sendAll('forwarded', other)).toEqual(ONE_CLIENT);
  });

  it('C3 case 43 Forwarded is not read where the proxies set X-Forwarded-For', async () => {
    const both = (index: number) => ({ Forwarded: `for=198.51.100.${index}`, 'X-Forwarded-For': '203.0.113.7' });
    expect(await sendAll('x-forwarded-for', both)).toEqual(ONE_CLIENT);
  });
});
