import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { AcmeSms } from './own-transport.js';

const gateway = vi.fn<typeof fetch>();

let otp: OtpApp;
let client: OtpHttpClient;

beforeEach(async () => {
  vi.stubGlobal('fetch', gateway);
  otp = await startOtpApp({ transports: [new AcmeSms('https://sms.example.com/send')] });
  client = new OtpHttpClient(otp);
});

afterEach(async () => {
  gateway.mockReset();
  vi.unstubAllGlobals();
  await otp.close();
});

it('hands number and text to the gateway', async () => {
  gateway.mockResolvedValueOnce(new Response('message-1'));
  expect((await client.create()).status).toBe(201);
  expect(gateway).toHaveBeenCalledExactlyOnceWith(
    'https://sms.example.com/send',
    expect.objectContaining({ method: 'POST', body: expect.stringContaining(NUMBER) }),
  );
});

it('tells a message that did not leave from one that may have', async () => {
  gateway.mockResolvedValueOnce(new Response('', { status: 429 }));
  expectProblem(await client.create(), 503, 'delivery_failed');
  otp.clock.advanceSeconds(3600);
  gateway.mockResolvedValueOnce(new Response('', { status: 502 }));
  const created = await client.create();
  expect(created.status).toBe(201);
  expect((await client.status(textMember(created, 'challengeId'))).body['delivery']).toBe('unknown');
});
