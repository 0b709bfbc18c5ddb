import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OtpDestination } from 'nestjs-sms-otp';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OTHER_NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

describe.each(ADAPTERS)('destinations.allow, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(async () => {
    vi.restoreAllMocks();
    await otp.close();
  });

  it('is asked about every message, and nothing is spent when it says no', async () => {
    const asked: OtpDestination[] = [];
    const allowed = new Set([NUMBER]);
    otp = await startOtpApp({
      adapter,
      destinations: {
        allow: (destination) => {
          asked.push(destination);
          return Promise.resolve(allowed.has(destination.phoneNumber));
        },
      },
    });
    const client = new OtpHttpClient(otp);
    expectProblem(await client.create({ phoneNumber: OTHER_NUMBER }), 403, 'destination_not_allowed');
    const { challengeId, code } = await client.start(NUMBER);
    expect(asked).toEqual([
      { phoneNumber: OTHER_NUMBER, country: 'NL', purpose: 'login' },
      { phoneNumber: NUMBER, country: 'NL', purpose: 'login' },
    ]);

    allowed.clear();
    otp.clock.advanceSeconds(31);
    expectProblem(await client.resend(challengeId), 403, 'destination_not_allowed');
    expect(otp.transport.messages).toHaveLength(1);
    expect((await client.verify(challengeId, code)).status).toBe(200);
    allowed.add(OTHER_NUMBER);
    expect((await client.create({ phoneNumber: OTHER_NUMBER })).status).toBe(201);
  });

  it.each<[string, () => boolean | Promise<boolean>]>([
    [
      'throws',
      () => {
        throw new Error(`no answer about ${NUMBER}`);
      },
    ],
    ['rejects', () => Promise.reject(new Error(`no answer about ${NUMBER}`))],
    ['answers something else than true', () => JSON.parse('"yes"') as boolean],
  ])('L1 refuses when it %s, and the number is in no log', async (_name, allow) => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    otp = await startOtpApp({ adapter, destinations: { allow } });
    expectProblem(await new OtpHttpClient(otp).create(), 403, 'destination_not_allowed');
    expect(otp.transport.messages).toHaveLength(0);
    expect(JSON.stringify(error.mock.calls)).not.toContain(NUMBER);
  });
});
