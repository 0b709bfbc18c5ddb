import type { OtpRiskOptions } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectThrottled } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { CaptchaAssessor, RegisteredOnly, SimSwapAssessor } from './risk.js';

let otp: OtpApp;

afterEach(async () => {
  vi.unstubAllGlobals();
  await otp.close();
});

async function start(risk: OtpRiskOptions, options: OtpAppOptions = {}) {
  otp = await startOtpApp({ risk, ...options });
  return new OtpHttpClient(otp);
}

describe('a look-up of swapped SIMs', () => {
  const operator = vi.fn<typeof fetch>();
  const assessor = new SimSwapAssessor('https://api.example.com/sim-swap/v2/check', async () => 'token');

  const answering = async (response: Response) => {
    vi.stubGlobal('fetch', operator);
    operator.mockReset().mockResolvedValueOnce(response);
    return start({ assessor });
  };

  it('D2 sends to a SIM that has been there for a while', async () => {
    const client = await answering(Response.json({ swapped: false }));
    expect((await client.create()).status).toBe(201);
    expect(operator).toHaveBeenCalledExactlyOnceWith(
      'https://api.example.com/sim-swap/v2/check',
      expect.objectContaining({ body: JSON.stringify({ phoneNumber: NUMBER, maxAge: 72 }) }),
    );
  });

  it.each([
    ['a swapped SIM', () => Response.json({ swapped: true })],
    ['an operator that knows nothing', () => Response.json({ code: 'NOT_FOUND' }, { status: 404 })],
    ['an answer that is none', () => new Response('<html>')],
  ])('D2 %s gets nothing', async (_name, response) => {
    const client = await answering(response());
    expectThrottled(await client.create(), 30);
    expect(otp.transport.messages).toHaveLength(0);
  });
});

it('a solved CAPTCHA passes a budget that is used up', async () => {
  const solved = new Set<string>();
  const assessor = new CaptchaAssessor({ has: async (phoneNumber, ip) => solved.has(`${phoneNumber} ${ip}`) });
  const client = await start(
    { assessor },
    {
      limits: {
        country: { unansweredSends: [{ limit: 1, windowSeconds: 3600 }], youngSends: { seconds: 10, upTo: 0 } },
      },
    },
  );
  await client.start(NUMBER);
  expectThrottled(await client.create({ phoneNumber: OTHER_NUMBER }), 3600);
  solved.add(`${OTHER_NUMBER} 127.0.0.1`);
  expect((await client.create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
});

it('only registered numbers get a message, and the answers do not tell', async () => {
  const assessor = new RegisteredOnly({ isRegistered: async (phoneNumber) => phoneNumber === NUMBER });
  const client = await start({ assessor, decoys: true });
  const [stranger, known] = [await client.create({ phoneNumber: OTHER_NUMBER }), await client.create()];
  expect([stranger.status, known.status]).toEqual([201, 201]);
  expect(Object.keys(stranger.body)).toEqual(Object.keys(known.body));
  await vi.waitFor(() => expect(otp.transport.messages.map(({ to }) => to)).toEqual([NUMBER]));
  const id = textMember(known, 'challengeId');
  expect((await client.verify(id, otp.codeTo(NUMBER))).status).toBe(200);
});
