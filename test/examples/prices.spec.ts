import { DEFAULT_PRICES, OtpOptionsError } from 'nestjs-sms-otp';
import { afterEach, expect, it } from 'vitest';
import { expectThrottled } from '../support/expect-problem.js';
import { OtpHttpClient } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { numberOfPrefix } from '../support/risk.js';
import { limits } from './prices.js';

let otp: OtpApp | undefined;

afterEach(async () => {
  await otp?.close();
  otp = undefined;
});

it('C1 messages cost what the table says: two to Dutch numbers fit into what strangers may use of 0.20 a day', async () => {
  otp = await startOtpApp({ limits: { money: { perDay: 0.2, prices: limits.money?.prices ?? DEFAULT_PRICES } } });
  const client = new OtpHttpClient(otp);
  await client.start(numberOfPrefix(0));
  await client.start(numberOfPrefix(1));
  expectThrottled(await client.create({ phoneNumber: numberOfPrefix(2) }), 86_400);
});

it('a mistake in the table stops the start', async () => {
  const prices = { default: 0.5, countries: { UK: 0.04 } };
  const started = startOtpApp({ limits: { money: { perDay: 10, prices } } });
  await expect(started).rejects.toThrow(OtpOptionsError);
  await expect(started).rejects.toThrow('"UK", which is no country');
});
