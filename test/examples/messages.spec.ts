import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { callHttp, NUMBER } from '../support/http.js';
import { listen } from '../support/otp-app.js';
import { AppModule } from './messages.js';
import type { INestApplication } from '@nestjs/common';

vi.hoisted(() => vi.stubEnv('OTP_SECRET', 'Hq2Lw9Zx4Cv7Bn1Mk6Jt3Rf8Ys5Pd0Ga'));

const lines: string[] = [];
const write = (message: unknown) => void lines.push(String(message));
const logger = { log: write, warn: write, error: write };
let app: INestApplication;

beforeAll(async () => {
  const ref = await Test.createTestingModule({ imports: [AppModule] })
    .setLogger(logger)
    .compile();
  app = await listen(ref, { adapter: 'express', logger });
});

afterAll(async () => {
  await app.close();
  vi.unstubAllEnvs();
});

it.each([
  ['la', NUMBER, / est clavis tua apud Acme\. Noli eam cuiquam tradere\.\n\n/],
  ['de', '+4915123456789', / is je code voor Acme\. Hij verloopt over 5 minuten\. /],
])('the example of messages answers %s', async (locale, phoneNumber, words) => {
  lines.length = 0;
  const body = { phoneNumber, locale };
  const { status } = await callHttp(await app.getUrl(), { method: 'POST', path: '/otp/challenges', body });
  expect(status).toBe(201);
  const message = lines.find((line) => line.includes('@app.acme.com'));
  expect(message).toMatch(words);
  expect(message).toMatch(/(?<code>\d{6})[^]*\nFA\+9qCX9VSu\n@app\.acme\.com #\k<code>$/);
});
