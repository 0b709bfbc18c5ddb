import { vi } from 'vitest';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

// #region example
import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import request from 'supertest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AppModule } from './app.module.js';

let fake: FakeOtp;
let app: NestExpressApplication;

beforeEach(async () => {
  fake = new FakeOtp();
  const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
  app = await ref.createNestApplication<NestExpressApplication>().init();
});

afterEach(() => app.close());

it('signs in with the code of the message', async () => {
  const api = request(app.getHttpServer());
  const { body } = await api.post('/otp/challenges').send({ phoneNumber: '+31612345678' }).expect(201);
  const code = fake.lastCodeTo('+31612345678');
  const verified = await api.post(`/otp/challenges/${body.challengeId}/verify`).send({ code }).expect(200);
  const { body: session } = await api.post('/session').set('OTP-Proof', verified.body.proof).expect(201);
  expect(session.phoneNumber).toBe('+31612345678');
});

it('refuses the code after five minutes', async () => {
  const api = request(app.getHttpServer());
  const { body } = await api.post('/otp/challenges').send({ phoneNumber: '+31612345678' }).expect(201);
  fake.clock.advanceSeconds(301);
  const code = fake.lastCodeTo('+31612345678');
  const refused = await api.post(`/otp/challenges/${body.challengeId}/verify`).send({ code }).expect(410);
  expect(refused.body.code).toBe('challenge_gone');
});

it('learns what became of the message', async () => {
  const api = request(app.getHttpServer());
  const { body } = await api.post('/otp/challenges').send({ phoneNumber: '+31612345678' }).expect(201);
  await fake.report(app, '+31612345678', 'delivered');
  const status = await api.get(`/otp/challenges/${body.challengeId}`).expect(200);
  expect(status.body.delivery).toBe('delivered');
});
// #endregion example
