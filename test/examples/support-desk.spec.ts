import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { OtpEvents, OtpProblemFilter, OtpService } from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, listen, SILENT_LOGGER } from '../support/otp-app.js';
import { AppModule } from './support-desk.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

describe.each(ADAPTERS)('the support desk, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  beforeEach(async () => {
    fake = new FakeOtp();
    const builder = fake.override(Test.createTestingModule({ imports: [AppModule] })).setLogger(SILENT_LOGGER);
    app = await listen(await builder.compile(), {
      adapter,
      configure: (created) => created.useGlobalFilters(created.get(OtpProblemFilter)),
    });
  });

  afterEach(() => app.close());

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    callHttp(await app.getUrl(), { method: 'POST', path, body, headers });
  const desk = (action: string, more: object = {}) =>
    post(`/support/${action}`, { phoneNumber: NUMBER, ...more }, { 'X-Agent': 'agent-7' });
  const start = async () => textMember(await post('/otp/challenges', { phoneNumber: NUMBER }), 'challengeId');
  const verify = (id: string, code: string) => post(`/otp/challenges/${id}/verify`, { code });
  /** Uses up the wrong codes of the number, five a challenge. */
  const lock = async () => {
    for (let n = 0; n < 3; n++) {
      const id = await start();
      const wrong = wrongCode(fake.lastCodeTo(NUMBER));
      for (let attempt = 0; attempt < 5; attempt++) {
        await verify(id, wrong);
      }
      fake.clock.advanceSeconds(120);
    }
  };

  it('B6 sees that a number is locked, and ends it in the name of a person', async () => {
    const told: unknown[] = [];
    app.get(OtpEvents, { strict: false }).on('admin.unlocked', (event) => told.push(event));
    await lock();
    expectProblem(await post('/otp/challenges', { phoneNumber: NUMBER }), 429, 'throttled');
    expect((await desk('status')).body).toMatchObject({ outcome: 'ok', number: { lockedUntil: expect.any(String) } });
    const unlocked = await desk('unlock', { reason: 'SUP-1234, identity checked' });
    expect(unlocked).toMatchObject({ status: 200, body: { outcome: 'unlocked' } });
    expect((await desk('status')).body['number']).not.toHaveProperty('lockedUntil');
    expect(told).toEqual([expect.objectContaining({ actor: 'agent-7', reason: 'SUP-1234, identity checked' })]);
    expect((await verify(await start(), fake.lastCodeTo(NUMBER))).status).toBe(200);
  });

  it('E5 erases what is pending of a number', async () => {
    const id = await start();
    expect((await desk('erase')).body).toEqual({ outcome: 'erased', challenges: 1 });
    expectProblem(await verify(id, fake.lastCodeTo(NUMBER)), 410, 'challenge_gone');
  });

  it('ends the proofs of a number', async () => {
    const proof = textMember(await verify(await start(), fake.lastCodeTo(NUMBER)), 'proof');
    const check = () => app.get(OtpService, { strict: false }).checkProof({ proof, purpose: 'login', caller: 'none' });
    expect(await check()).toMatchObject({ outcome: 'accepted' });
    expect((await desk('revoke-proofs')).body).toEqual({ outcome: 'revoked' });
    expect(await check()).toEqual({ outcome: 'refused', reason: 'revoked' });
  });

  it('J1 nonsense is answered and changes nothing', async () => {
    expect((await desk('status', { phoneNumber: ['+31612345678'] })).body).toMatchObject({
      outcome: 'invalid_phone_number',
    });
    expect((await desk('unlock', { reason: undefined })).body).toMatchObject({ outcome: 'invalid_request' });
  });

  it('is closed to everybody else', async () => {
    for (const action of ['status', 'unlock', 'erase', 'revoke-proofs']) {
      expect((await post(`/support/${action}`, { phoneNumber: NUMBER })).status).toBe(403);
    }
  });
});
