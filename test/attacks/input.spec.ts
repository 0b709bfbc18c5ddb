import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { hmacSha256 } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attacked } from '../support/attack-record.js';
import { countHashes } from '../support/counting-hasher.js';
import { type HttpAnswer, type HttpCall, type Started } from '../support/http.js';
import { type OtpInstances, startInstances } from '../support/otp-instances.js';
import { redisContents } from '../support/redis-contents.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

interface Input {
  readonly title: string;
  /** What is sent while a challenge is live; its right code is known, so that a bypass would be a success. */
  readonly calls: (live: Started) => readonly HttpCall[];
}

const CREATE = '/otp/challenges';
const FORM = 'application/x-www-form-urlencoded';
const post = (path: string, body: unknown, headers: HttpCall['headers'] = {}): HttpCall => ({
  method: 'POST',
  path,
  body,
  headers,
});
const verify = ({ challengeId }: Started, body: unknown, headers: HttpCall['headers'] = {}) =>
  post(`${CREATE}/${challengeId}/verify`, body, headers);
const codes = (of: (code: string) => readonly unknown[]) => (live: Started) =>
  of(live.code).map((code) => verify(live, { code }));
const numbers = (...phoneNumbers: readonly unknown[]) =>
  phoneNumbers.map((phoneNumber) => post(CREATE, { phoneNumber }));

const DEEP = `${'{"code":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
const bomb = gzipSync(Buffer.alloc(20_000_000, ' '));

/** Each is refused before anything is asked of the store: Redis holds afterwards what it held before, and nothing was hashed. */
const INPUTS: readonly Input[] = [
  {
    title: 'J1 case 11 several codes in one',
    calls: (live) => [
      ...codes((code) => [[code], ['000000', code], `${code},000000`, { 0: code }])(live),
      verify(live, [{ code: live.code }]),
      verify(live, { codes: [live.code] }),
    ],
  },
  {
    title: 'B5 case 14 methods and paths beside the routes',
    calls: (live) => {
      const path = `${CREATE}/${live.challengeId}`;
      const overridden = { 'X-HTTP-Method-Override': 'POST', 'X-HTTP-Method': 'POST', 'X-Method-Override': 'POST' };
      return [
        { path: `${path}/verify?code=${live.code}`, headers: overridden },
        { method: 'PUT', path: `${path}/verify`, body: { code: live.code } },
        { method: 'PATCH', path: `${path}/verify`, body: { code: live.code } },
        { method: 'PROPFIND', path: `${path}/verify`, body: { code: live.code }, headers: overridden },
        post(`${path}/verify;x=1`, { code: live.code }),
        post(`${path}/./x/../verify/more`, { code: live.code }),
        { path: `${CREATE}?phoneNumber=%2B31612345678`, headers: overridden },
      ];
    },
  },
  {
    title: 'J1 case 15 control characters beside the right code',
    calls: codes((code) => [
      `${code}\u0000`,
      `%00${code}`,
      `${code}\r\nX: y`,
      `${code}\u0007`,
      `\u200b${code}`,
      `${code}\n${code}`,
    ]),
  },
  {
    title: 'J1 case 57 a code that is no text',
    calls: codes((code) => [Number(`1${code.slice(1)}`), [code], { code }, { toString: code }, true, null, undefined]),
  },
  {
    title: 'J1 case 58 numbers in other notations',
    calls: codes((code) => [code.slice(1), `+${code}`, '-1.5e10', '1e5', '0x1e240', `${code}.0`, '0b1', '১২৩৪৫']),
  },
  {
    title: 'J2 case 59 members of prototypes',
    calls: (live) => [
      verify(live, `{"__proto__":{"code":"${live.code}"}}`, { 'Content-Type': 'application/json' }),
      verify(live, `{"constructor":{"prototype":{"code":"${live.code}"}}}`, { 'Content-Type': 'application/json' }),
      post(CREATE, '{"__proto__":{"phoneNumber":"+31687654321"}}', { 'Content-Type': 'application/json' }),
      post(CREATE, { phoneNumber: '+31687654321', purpose: '__proto__' }),
      post(CREATE, { phoneNumber: '+31687654321', purpose: 'constructor' }),
      post(`${CREATE}/__proto__/verify`, { code: live.code }),
    ],
  },
  {
    title: 'J2 case 60 separators in purposes and ids',
    calls: ({ challengeId, code }) => [
      ...['login:x', 'login*', '{login}', 'login\r\nSET a b', 'lo gin', 'LOGIN', ''].map((purpose) =>
        post(CREATE, { phoneNumber: '+31687654321', purpose }),
      ),
      ...['*', '%7Bn%7D', 'otp%3An%3Ax', `${challengeId}%0d%0aSET`, `${challengeId}%00`].map((id) =>
        post(`${CREATE}/${id}/verify`, { code }),
      ),
    ],
  },
  {
    title: 'C1 case 61 huge, deep and compressed bodies',
    calls: (live) => [
      verify(live, `{"code":"${live.code}","x":"${'a'.repeat(10_000_000)}"}`, { 'Content-Type': 'application/json' }),
      verify(live, DEEP, { 'Content-Type': 'application/json' }),
      verify(live, bomb, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }),
      verify(live, '{"code":"', { 'Content-Type': 'application/json' }),
    ],
  },
  {
    title: 'J1 case 63 other content types',
    calls: (live) => [
      ...['text/plain', FORM, 'application/xml', 'multipart/form-data; boundary=x', 'x'].map((type) =>
        verify(live, `{"code":"${live.code}"}`, { 'Content-Type': type }),
      ),
      verify(live, `code=${live.code}`, { 'Content-Type': FORM }),
    ],
  },
  {
    title: 'J1 cases 36-39 and 68 what is no number',
    calls: () =>
      numbers(
        '+31 6 1234 5678\u0000',
        'tel:+31612345678',
        '+31612345678;ext=1',
        '+1 800 FLOWERS',
        '+31612345678,+31687654321',
        '+31'.padEnd(100_000, '6'),
        '('.repeat(50_000),
        `+${'1 '.repeat(20_000)}`,
        ['+31612345678'],
        { $ne: 1 },
      ),
  },
  {
    title: 'C1 cases 40 and 41 numbers that get no SMS, and those of countries that are not allowed',
    calls: () =>
      numbers(
        '+31 900 1234',
        '+44 70 1234 5678',
        '+881 6 1234 5678',
        '+870 773 111 632',
        '+979 1234 5678 9',
        '+1 876 555 1234',
      ),
  },
];

describe('input that no client of good will sends, to two instances on one Redis', () => {
  const hashing = countHashes(hmacSha256());
  let redis: RedisServer;
  let inspector: Redis;
  let instances: OtpInstances;
  let live: Started;
  let before: { readonly held: unknown; readonly compared: number; readonly messages: number };

  beforeAll(async () => {
    redis = await startRedis();
    inspector = new Redis(redis.url);
    instances = await startInstances({
      redis,
      namespace: 'input',
      clock: new ManualClock(),
      hashing,
      destinations: { countries: ['NL', 'GB', 'US'] },
    });
    live = await instances.client(0).start();
  });
  beforeEach(async () => (before = await now()));
  afterAll(async () => {
    await instances.close();
    inspector.disconnect();
    await redis.stop();
  });

  const now = async () => ({
    held: await redisContents(inspector),
    compared: hashing.comparisons,
    messages: instances.messageCount,
  });

  /** A server may hang up on who sends more than it reads. */
  const isHangUp = (error: unknown) => error instanceof Error && /ECONNRESET|EPIPE|socket hang up/.test(error.message);

  async function send(n: number, call: HttpCall): Promise<HttpAnswer | undefined> {
    try {
      return await instances.client(n).call(call);
    } catch (error) {
      if (isHangUp(error)) {
        return undefined;
      }
      throw error;
    }
  }

  for (const { title, calls } of INPUTS) {
    it(title, async () => {
      const sent = calls(live).flatMap((call) => [call, call]);
      const answers: (HttpAnswer | undefined)[] = [];
      for (const [n, call] of sent.entries()) {
        answers.push(await send(n, call));
      }
      for (const [n, answer] of answers.entries()) {
        const status = answer?.status ?? 413;
        expect(
          status >= 400 && status < 500,
          `${status} ${JSON.stringify(sent[n]).slice(0, 200)} ${answer?.text}`,
        ).toBe(true);
      }
      expect(await now()).toEqual(before);
      attacked({
        tried: sent.length,
        through: answers.filter((answer) => answer !== undefined && answer.status < 400).length,
      });
    });
  }

  it('A3 after all of it the right code is right', async () => {
    expect((await instances.client(1).verify(live.challengeId, live.code)).status).toBe(200);
  });
});
