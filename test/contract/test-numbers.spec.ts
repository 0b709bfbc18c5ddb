import { Logger } from '@nestjs/common';
import { OtpEvents, type OtpEvent, type OtpOptions } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, OTHER_NUMBER, textMember, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp, TEST_INDEX_SECRET } from '../support/otp-app.js';

const CODE = '424242';
const testNumbers = { codes: { [NUMBER]: CODE }, expires: '2026-01-02' };

let otp: OtpApp | undefined;
afterEach(async () => {
  await otp?.close();
  otp = undefined;
  vi.restoreAllMocks();
});

const start = async (options: Partial<OtpOptions> & { adapter?: 'express' | 'fastify' } = {}) => {
  const app = await startOtpApp({ testNumbers, ...options });
  otp = app;
  const events: OtpEvent[] = [];
  app.app.get(OtpEvents).on('*', (event) => events.push(event));
  return { app, events, client: new OtpHttpClient(app) };
};

describe.each(ADAPTERS)('test numbers over HTTP, on %s', (adapter) => {
  it('get no message, and their fixed code lets in', async () => {
    const { app, client } = await start({ adapter });
    const answer = await client.create({ phoneNumber: NUMBER });
    expect(answer.status).toBe(201);
    expect(app.transport.messages).toHaveLength(0);
    const challengeId = textMember(answer, 'challengeId');
    expect((await client.status(challengeId)).body['delivery']).toBe('sent');
    expect((await client.verify(challengeId, CODE)).body['phoneNumber']).toBe(NUMBER);
    expectProblem(await client.verify(challengeId, CODE), 410, 'challenge_gone');
  });

  it('in any spelling', async () => {
    const { app, client } = await start({ adapter });
    const answer = await client.create({ phoneNumber: '06 1234 5678', country: 'NL' });
    expect(app.transport.messages).toHaveLength(0);
    expect((await client.verify(textMember(answer, 'challengeId'), CODE)).status).toBe(200);
  });
});

describe('test numbers', () => {
  it('other numbers are as ever, and the code is worth nothing for them', async () => {
    const { app, client } = await start();
    const { challengeId, code } = await client.start(OTHER_NUMBER);
    expect(app.transport.messages).toHaveLength(1);
    // A random code is this one once in a million.
    if (code !== CODE) {
      expectProblem(await client.verify(challengeId, CODE), 422, 'incorrect_code');
    }
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('no cooldown keeps a suite of tests waiting, and a loop that has gone wild is stopped', async () => {
    const { client } = await start();
    for (let count = 0; count < 300; count += 1) {
      expect((await client.create({ phoneNumber: NUMBER })).status).toBe(201);
    }
    expectProblem(await client.create({ phoneNumber: NUMBER }), 429, 'throttled');
  });

  it('B1 guessing is bounded as for any number', async () => {
    const { client } = await start();
    for (let round = 0; round < 3; round += 1) {
      const challengeId = textMember(await client.create({ phoneNumber: NUMBER }), 'challengeId');
      for (let guess = 0; guess < 5; guess += 1) {
        expectProblem(await client.verify(challengeId, wrongCode(CODE)), 422, 'incorrect_code');
      }
    }
    expectProblem(await client.create({ phoneNumber: NUMBER }), 429, 'throttled');
  });

  it('nothing that others share is charged: address, prefix, country, money, assessors', async () => {
    const assess = vi.fn(async () => ({ decision: 'allow' as const }));
    const one = [{ limit: 1, windowSeconds: 3600 }];
    const { client } = await start({
      risk: { assessor: { assess } },
      limits: {
        ip: { unansweredSends: one, youngSends: { seconds: 10, upTo: 0 }, sends: one, wrongCodes: one },
        prefix: { unansweredSends: one },
        country: { unansweredSends: one },
        all: { unansweredSends: one },
        money: { perDay: 0.5, reserve: 0, prices: { default: 0.5 } },
      },
    });
    for (let count = 0; count < 3; count += 1) {
      const challengeId = textMember(await client.create({ phoneNumber: NUMBER }), 'challengeId');
      expectProblem(await client.verify(challengeId, wrongCode(CODE)), 422, 'incorrect_code');
    }
    expect(assess).not.toHaveBeenCalled();
    const { challengeId, code } = await client.start(OTHER_NUMBER);
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(assess).toHaveBeenCalledOnce();
  });

  it('K1 every event of theirs says so', async () => {
    const { client, events } = await start();
    const challengeId = textMember(await client.create({ phoneNumber: NUMBER }), 'challengeId');
    await client.verify(challengeId, wrongCode(CODE));
    await client.resend(challengeId);
    await client.verify(challengeId, CODE);
    expect(events.map(({ type }) => type)).toEqual([
      'challenge.issued',
      'challenge.failed',
      'challenge.resent',
      'challenge.verified',
    ]);
    expect(events.map((event) => 'test' in event && event.test)).toEqual([true, true, true, true]);
  });

  it('have a code of each length that purposes have', async () => {
    const codes = { [NUMBER]: [CODE, '17171717'] };
    const purposes = { login: { start: 'public' }, payout: { start: 'public', codeLength: 8 } } as const;
    const { client } = await start({ purposes, testNumbers: { ...testNumbers, codes } });
    for (const [purpose, code] of [
      ['login', CODE],
      ['payout', '17171717'],
    ]) {
      const challengeId = textMember(await client.create({ phoneNumber: NUMBER, purpose }), 'challengeId');
      expect((await client.verify(challengeId, code)).status).toBe(200);
    }
  });

  it('are numbers like any other from their date on', async () => {
    const { app, client, events } = await start();
    app.clock.set(Date.parse('2026-01-02T00:00:00Z') - 1);
    await client.create({ phoneNumber: NUMBER });
    expect(app.transport.messages).toHaveLength(0);
    app.clock.advanceSeconds(60);
    const { challengeId, code } = await client.start(NUMBER);
    expect(app.transport.messages).toHaveLength(1);
    if (code !== CODE) {
      expectProblem(await client.verify(challengeId, CODE), 422, 'incorrect_code');
    }
    expect((await client.verify(challengeId, code)).status).toBe(200);
    expect(events.at(-1)).not.toHaveProperty('test');
  });

  it('are so in the midst of a challenge, too: the fixed code is worth nothing, and what is sent again goes out', async () => {
    const { app, client } = await start();
    app.clock.advanceSeconds(86_340);
    const first = textMember(await client.create({ phoneNumber: NUMBER }), 'challengeId');
    const second = textMember(await client.create({ phoneNumber: NUMBER }), 'challengeId');
    app.clock.advanceSeconds(61);
    expectProblem(await client.verify(first, CODE), 410, 'challenge_gone');
    app.clock.advanceSeconds(60);
    expect((await client.resend(second)).status).toBe(200);
    expect(app.transport.messages).toHaveLength(1);
    expect((await client.verify(second, app.codeTo(NUMBER))).status).toBe(200);
  });

  it('case 67 production refuses to start with them, unless they are switched on by name', async () => {
    const production = { production: true, indexSecret: TEST_INDEX_SECRET };
    await expect(start(production)).rejects.toThrow(/testNumbers: .*allowInProduction/);
    const { client } = await start({ ...production, testNumbers: { ...testNumbers, allowInProduction: true } });
    expect((await client.create({ phoneNumber: NUMBER })).status).toBe(201);
  });

  it('the start tells how many there are, and when they have expired', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await start();
    expect(warn.mock.calls.flat().join('\n')).toContain(
      'Test numbers (1) get no message and have a fixed code until 2026-01-02',
    );
    await otp?.close();
    await start({ testNumbers: { ...testNumbers, expires: '2025-12-31' } });
    expect(warn.mock.calls.flat().join('\n')).toContain('testNumbers have expired on 2025-12-31');
  });

  it.each<[string, object, RegExp]>([
    ['a number that is none', { codes: { '+3161': CODE } }, /testNumbers\.codes: \+3161 cannot be used/],
    ['a code of another length', { codes: { [NUMBER]: '12345678' } }, /has no code of 6 digits, as those of login are/],
    ['a code that is none', { codes: { [NUMBER]: '42' } }, /testNumbers\.codes.*: must be 6 to 8 digits/],
    ['one handset twice', { codes: { [NUMBER]: CODE, '+31 6 1234 5678': '171717' } }, /is listed twice/],
    ['a day that there is not', { codes: {}, expires: '2027-02-31' }, /testNumbers\.expires: must be a date/],
    ['no date', { codes: {} }, /testNumbers\.expires: must be a date/],
    ['a date that is none', { codes: {}, expires: 'soon' }, /testNumbers\.expires: must be a date/],
    ['an unknown member', { codes: {}, expires: '2027-01-01', enabled: true }, /'enabled' is not an option here/],
  ])('refuse the start with %s', async (_case, wrong, message) => {
    const options = { expires: '2027-01-01', ...wrong };
    if (_case === 'no date') {
      Reflect.deleteProperty(options, 'expires');
    }
    // What a JavaScript caller may write.
    const given = options as unknown as NonNullable<OtpOptions['testNumbers']>;
    await expect(start({ testNumbers: given })).rejects.toThrow(message);
  });
});
