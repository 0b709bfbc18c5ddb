import { Test } from '@nestjs/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { callHttp, NUMBER, textMember } from '../support/http.js';
import { listen } from '../support/otp-app.js';
import { AppModule } from './smallest.js';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

const lines: string[] = [];
const write = (message: unknown) => void lines.push(String(message));
const logger = { log: write, warn: write, error: write };

afterEach(() => {
  vi.unstubAllEnvs();
});

it('the smallest module prints codes and checks them', async () => {
  const ref = await Test.createTestingModule({ imports: [AppModule] })
    .setLogger(logger)
    .compile();
  const app = await listen(ref, { adapter: 'express', logger });
  try {
    const url = await app.getUrl();
    const created = await callHttp(url, { method: 'POST', path: '/otp/challenges', body: { phoneNumber: NUMBER } });
    expect(created.status).toBe(201);
    const code = lines
      .map((line) => /(\d{6}) is je code voor Acme/.exec(line)?.[1])
      .find((found) => found !== undefined);
    const path = `/otp/challenges/${textMember(created, 'challengeId')}/verify`;
    const verified = await callHttp(url, { method: 'POST', path, body: { code } });
    expect(verified.body).toMatchObject({ phoneNumber: NUMBER, purpose: 'login' });
  } finally {
    await app.close();
  }
});
