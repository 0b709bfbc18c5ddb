import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { numberOf } from '../support/otp-instances.js';
import { type HttpAnswer, NUMBER, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

/** What a stranger reads of an answer, without what differs from challenge to challenge: its id and its times. */
function told({ status, headers, body }: HttpAnswer) {
  const { challengeId: _id, expiresAt: _expiry, resendAt: _resend, destination: _destination, ...members } = body;
  return { status, headers: Object.keys(headers).toSorted(), members };
}

describe.each(ADAPTERS)('what a stranger learns of a number, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;

  beforeEach(async () => {
    otp = await startOtpApp({ adapter });
    client = new OtpHttpClient(otp);
  });

  afterEach(() => otp.close());

  it('I4 one whose day’s budgets are all but used up answers like one that nobody ever asked', async () => {
    for (let challenge = 0; challenge < 3; challenge++) {
      const { challengeId, code } = await client.start();
      for (let guess = 0; guess < (challenge === 2 ? 4 : 5); guess++) {
        await client.verify(challengeId, wrongCode(code));
      }
      otp.clock.advanceSeconds(241);
    }
    const [worn, fresh] = [
      await client.create({ phoneNumber: NUMBER }),
      await client.create({ phoneNumber: numberOf(1) }),
    ];
    expect(told(worn)).toEqual(told(fresh));
    const [wornId, freshId] = [textMember(worn, 'challengeId'), textMember(fresh, 'challengeId')];
    expect(told(await client.status(wornId))).toEqual(told(await client.status(freshId)));
    // The fifteenth wrong code of the day, and the first.
    const first = await client.verify(freshId, wrongCode(otp.codeTo(numberOf(1))));
    expect(told(await client.verify(wornId, wrongCode(otp.codeTo(NUMBER))))).toEqual(told(first));
    // The number had one left; its next answer shows that the comparison above was at the edge.
    expect((await client.verify(wornId, otp.codeTo(NUMBER))).status).toBe(410);
  });

  it('I4 I3 what is refused says how long to wait and no limit, count or reason', async () => {
    await client.start();
    const refused = await client.create();
    expect(Object.keys(refused.body).toSorted()).toEqual(['code', 'retryAfter', 'status', 'title', 'type']);
    expect(refused.text).not.toMatch(/number|limit|quota|budget|remaining|cooldown/i);
    expect(Object.keys(refused.headers).filter((name) => /limit|quota|remaining/i.test(name))).toEqual([]);
  });
});
