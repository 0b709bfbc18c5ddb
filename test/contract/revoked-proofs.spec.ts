import { memoryStore, OtpAdmin, OtpEvents, type OtpEvent, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, guardedControllers } from '../support/guarded-app.js';
import { OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';

const NUMBER = '+31612345678';
const OTHER = '+31687654321';

describe.each(ADAPTERS)('proofs that were revoked, on %s', (adapter) => {
  let otp: OtpApp;
  let client: OtpHttpClient;
  let admin: OtpAdmin;
  let events: OtpEvent[];
  let isLost: boolean;

  beforeEach(async () => {
    isLost = false;
    const clock = new ManualClock();
    otp = await startOtpApp({
      adapter,
      clock,
      purposes: { login: { start: 'public' }, second: {} },
      store: watchStore(memoryStore({ clock }), (method) => {
        if (isLost && method.startsWith('marks.')) {
          throw new StoreUnavailableError('lost');
        }
      }),
      caller: AccountCaller,
      metadata: { controllers: guardedControllers().controllers, providers: [AccountCaller] },
    });
    client = new OtpHttpClient(otp);
    admin = otp.app.get(OtpAdmin);
    events = [];
    otp.app.get(OtpEvents).on('*', (event) => events.push(event));
  });

  afterEach(() => otp.close());

  const use = (proof: string, path = '/session') =>
    client.call({ method: 'POST', path, headers: { 'OTP-Proof': proof } });

  it('K1 are refused from then on, those of other numbers and later ones are not', async () => {
    const [before, others] = [await client.prove(NUMBER), await client.prove(OTHER)];
    expect((await use(before)).status).toBe(201);
    expect(await admin.revokeProofs('+31 6 1234-5678', { actor: 'ann' })).toEqual({ outcome: 'revoked' });
    expectProblem(await use(before), 401, 'insufficient_proof');
    expectProblem(await use(before, '/once'), 401, 'insufficient_proof');
    expect((await use(others)).status).toBe(201);
    otp.clock.advanceSeconds(1);
    const after = await client.prove(NUMBER);
    expect((await use(after)).status).toBe(201);
    expect((await use(after, '/once')).status).toBe(201);
    expect(events).toContainEqual(expect.objectContaining({ type: 'admin.proofs_revoked', actor: 'ann' }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'proof.refused', reason: 'revoked' }));
  });

  it('may be revoked again, and nothing that was revoked comes back', async () => {
    const first = await client.prove(NUMBER);
    await admin.revokeProofs(NUMBER, { actor: 'ann' });
    otp.clock.advanceSeconds(60);
    const second = await client.prove(NUMBER);
    await admin.revokeProofs(NUMBER, { actor: 'ann' });
    for (const proof of [first, second]) {
      expectProblem(await use(proof), 401, 'insufficient_proof');
    }
  });

  it('L1 a store that is lost refuses: nobody knows what was revoked', async () => {
    const proof = await client.prove(NUMBER);
    isLost = true;
    expectProblem(await use(proof), 503, 'store_unavailable');
    expect(await admin.revokeProofs(NUMBER, { actor: 'ann' })).toEqual({ outcome: 'store_unavailable' });
  });
});
