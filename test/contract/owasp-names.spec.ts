import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OtpEvent } from 'nestjs-sms-otp';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { OtpHttpClient, wrongCode } from '../support/http.js';
import { type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { eventsOf } from '../support/risk.js';

describe('the OWASP names of what happens over HTTP', () => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let events: OtpEvent[];

  beforeEach(() => start());

  async function start(options: OtpAppOptions = {}): Promise<void> {
    const { controllers } = guardedControllers();
    const purposes = { login: { start: 'public' }, second: {} } as const;
    otp = await startOtpApp({
      purposes,
      caller: AccountCaller,
      metadata: { controllers, providers: [AccountCaller] },
      ...options,
    });
    client = new OtpHttpClient(otp);
    events = eventsOf(otp);
  }

  afterEach(() => otp.close());

  const namesOf = (type: OtpEvent['type']) => events.filter((event) => event.type === type).map(({ owasp }) => owasp);

  async function guess(times: number): Promise<string> {
    const { challengeId, code } = await client.start();
    for (let attempt = 0; attempt < times; attempt++) {
      await client.verify(challengeId, wrongCode(code));
    }
    return challengeId;
  }

  it('K3 a right code is `authn_login_success`, and a proof that is used again `authn_token_reuse`', async () => {
    const proof = await client.prove();
    const useIt = () => client.call({ method: 'POST', path: '/once', headers: { 'OTP-Proof': proof } });
    expect((await useIt()).status).toBe(201);
    expect((await useIt()).status).toBe(401);
    expect(namesOf('challenge.verified')).toEqual(['authn_login_success']);
    expect(namesOf('proof.refused')).toEqual(['authn_token_reuse']);
  });

  it('K3 a wrong code is `authn_login_fail`, one too many `authn_login_fail_max`', async () => {
    await guess(6);
    expect(namesOf('challenge.failed')).toEqual(Array.from({ length: 5 }, () => 'authn_login_fail'));
    expect(namesOf('answer.refused')).toEqual(['authn_login_fail_max']);
  });

  it('K3 an answer to a locked number is `authn_login_lock`', async () => {
    await otp.close();
    await start({ limits: { number: { wrongCodes: [{ limit: 1, windowSeconds: 86_400 }] } } });
    // The one wrong code that the number may have leaves the challenge four more.
    await guess(2);
    expect(namesOf('answer.refused')).toEqual(['authn_login_lock']);
  });

  it('K3 a request beyond a limit is `excess_rate_limit_exceeded`', async () => {
    await client.start();
    await client.create();
    expect(namesOf('challenge.refused')).toEqual(['excess_rate_limit_exceeded']);
  });
});
