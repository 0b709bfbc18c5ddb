import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { argon2id, OtpEvents, OtpService } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { vi } from 'vitest';
import { CanaryPayoutController, PAYOUT_PURPOSE, tellOfAPayout } from './canary-payout.js';
import { CanaryTransport } from './canary-transport.js';
import { AccountCaller, guardedControllers } from './guarded-app.js';
import { callHttp, type HttpAnswer, type HttpCall, textMember, wrongCode } from './http.js';
import { Evidence } from './leak-search.js';
import { startOtpApp } from './otp-app.js';
import { startRedisMonitor } from './redis-monitor.js';
import { startRedis } from './redis-server.js';

export const NAMESPACE = 'canary';
const NUMBER = '+31612345678';
const SECOND_NUMBER = '+31687654321';
const FAILING_NUMBER = '+31655443322';
export const NUMBERS = [NUMBER, SECOND_NUMBER, FAILING_NUMBER] as const;
export const SUBJECT = 'account-canary-7f3a9';
export const SECRETS = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
export const INDEX_SECRET = randomBytes(32).toString('base64');

export interface CanaryStory {
  /** All that came out: logs, console, events, answers, results, errors, Redis' commands and records. */
  readonly evidence: Evidence;
  readonly transport: CanaryTransport;
  /** Challenge ids and proofs: what a client holds and nobody else may see. */
  readonly bearers: readonly string[];
  readonly keysWithoutTtl: readonly string[];
  readonly answersWithoutNoStore: readonly string[];
}

/** A login, a second factor, a payout, and all that can go wrong with them, with every exit watched. */
export async function tellTheStory(): Promise<CanaryStory> {
  const evidence = new Evidence();
  const transport = new CanaryTransport();
  const bearers: string[] = [];
  const answersWithoutNoStore: string[] = [];
  watchConsole(evidence);
  const redis = await startRedis();
  const monitor = await startRedisMonitor(redis);
  const clock = new ManualClock();
  const { controllers } = guardedControllers();
  const otpApp = await startOtpApp({
    clock,
    store: redisStore({ url: redis.url, namespace: NAMESPACE, clock }),
    secrets: SECRETS,
    indexSecret: INDEX_SECRET,
    transports: [transport],
    hashing: argon2id(),
    purposes: { login: { start: 'public', codeLength: 8 }, second: { codeLength: 8 }, payout: PAYOUT_PURPOSE },
    caller: AccountCaller,
    metadata: { controllers: [...controllers, CanaryPayoutController], providers: [AccountCaller] },
    configure: (app) => app.useLogger(evidence.logger()),
  });
  const events = otpApp.app.get(OtpEvents);
  events.on('*', (event) => evidence.add(`event ${event.type}`, event));
  events.on('challenge.failed', () => {
    throw new Error('a handler of the application');
  });

  const call = async (request: HttpCall): Promise<HttpAnswer> => {
    const answer = await callHttp(otpApp.url, request);
    if (request.path.startsWith('/otp/') && answer.headers['cache-control'] !== 'no-store') {
      answersWithoutNoStore.push(`${answer.status} ${answer.text}`);
    }
    evidence.add(`answer ${answer.status}`, withoutWhatItMayTell(answer));
    return answer;
  };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    call({ method: 'POST', path, body, headers });
  const create = (phoneNumber: unknown) => post('/otp/challenges', { phoneNumber });
  const verify = (id: string, code: unknown) => post(`/otp/challenges/${id}/verify`, { code });

  // A login with a wrong code and a resend.
  const id = textMember(await create(NUMBER), 'challengeId');
  bearers.push(id);
  const firstCode = transport.codeTo(NUMBER);
  await call({ path: `/otp/challenges/${id}` });
  await verify(id, wrongCode(firstCode));
  await verify(id, `${firstCode}x`);
  await post(`/otp/challenges/${id}/resend`, {});
  clock.advanceSeconds(30);
  await post(`/otp/challenges/${id}/resend`, {});
  await verify(id, firstCode);
  const verified = await verify(id, transport.codeTo(NUMBER));
  const proof = textMember(verified, 'proof');
  bearers.push(proof);
  await verify(id, transport.codeTo(NUMBER));

  // The proof, used once, twice, changed and in the wrong place.
  for (const path of ['/once', '/once', '/class/transfer', '/once-failing']) {
    await post(path, {}, { 'OTP-Proof': proof });
    await post(path, {}, { 'OTP-Proof': `${proof.slice(0, -4)}AAAA` });
  }

  // Input that is none, with the number and the code in it.
  for (const phoneNumber of [
    `${NUMBER}x`,
    `${NUMBER};ext=1`,
    [NUMBER],
    { e164: NUMBER },
    `${NUMBER},${SECOND_NUMBER}`,
  ]) {
    await create(phoneNumber);
  }
  await post('/otp/challenges', {
    phoneNumber: NUMBER,
    [NUMBER]: NUMBER,
    locale: NUMBER,
    purpose: NUMBER,
    country: 'NL',
  });
  await post('/otp/challenges', `{"phoneNumber":"${NUMBER}`);
  await post('/otp/challenges', `phoneNumber=${NUMBER}`, { 'Content-Type': 'application/x-www-form-urlencoded' });
  await post('/otp/challenges', { phoneNumber: NUMBER.repeat(500) });

  // The application's own calls: a subject, a mistake, all attempts spent, a lock, a cancel.
  const otp = otpApp.app.get(OtpService);
  const client = { ip: '198.51.100.7' };
  const issued = await otp.issue({ purpose: 'second', phoneNumber: SECOND_NUMBER, subject: SUBJECT, client });
  const secondId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
  bearers.push(secondId);
  evidence.add('result', issued);
  evidence.add('result', await otp.issue({ purpose: 'second', phoneNumber: SECOND_NUMBER, subject: SUBJECT, client }));
  for (let guess = 0; guess < 6; guess += 1) {
    const code = wrongCode(transport.codeTo(SECOND_NUMBER));
    evidence.add('result', await otp.verify({ purpose: 'second', challengeId: secondId, code, client }));
  }
  evidence.add('result', await otp.cancel({ challengeId: secondId }));
  const tooLong = otp.issue({ purpose: 'second', phoneNumber: NUMBER, subject: SUBJECT.repeat(20), client });
  evidence.add('error', await tooLong.catch((error: unknown) => error));
  const undeclared = otp.verify({ purpose: 'none', challengeId: secondId, code: firstCode, client });
  evidence.add('error', await undeclared.catch((error: unknown) => error));

  // A provider that repeats what it was given.
  for (const behaviour of ['refuse', 'throw'] as const) {
    transport.behaviour = behaviour;
    await create(FAILING_NUMBER);
    clock.advanceSeconds(240);
  }
  transport.behaviour = 'accept';

  bearers.push(...(await tellOfAPayout({ post, transport, later: () => clock.advanceSeconds(240) })));

  // A live challenge, and Redis as it is now: then it is lost.
  const lostId = textMember(await create(FAILING_NUMBER), 'challengeId');
  bearers.push(lostId);
  await monitor.settle();
  evidence.add('redis commands', monitor.stream);
  monitor.stop();
  const keysWithoutTtl = await dump(redis.url, evidence);
  await redis.kill();
  await create(NUMBER);
  await verify(lostId, transport.codeTo(FAILING_NUMBER));
  await post('/once', {}, { 'OTP-Proof': proof });
  await otpApp.close();

  // A start that is refused.
  const secrets = [SECRETS[0]?.slice(0, 20) ?? '', INDEX_SECRET];
  const refused = startOtpApp({ secrets, indexSecret: INDEX_SECRET.slice(0, 30) });
  evidence.add('start refused', await refused.catch((error: unknown) => error));
  await redis.stop();
  return { evidence, transport, bearers, keysWithoutTtl, answersWithoutNoStore };
}

async function dump(url: string, evidence: Evidence): Promise<readonly string[]> {
  const inspector = new Redis(url);
  const keys = await inspector.keys('*');
  const withoutTtl: string[] = [];
  for (const key of keys) {
    const value = await inspector.getBuffer(key);
    evidence.add('redis record', Buffer.concat([Buffer.from(`${key} = `), value ?? Buffer.alloc(0)]));
    evidence.add('redis record', await inspector.dumpBuffer(key));
    if ((await inspector.pttl(key)) <= 0) {
      withoutTtl.push(key);
    }
  }
  inspector.disconnect();
  return withoutTtl;
}

/** An answer but for the number and the proof in the one to the right code, where they belong. */
function withoutWhatItMayTell(answer: HttpAnswer) {
  const { proof, phoneNumber: _phoneNumber, ...rest } = answer.body;
  return { ...answer, text: proof === undefined ? answer.text : '', body: proof === undefined ? answer.body : rest };
}

/** What is written is still written. The caller restores the mocks. */
function watchConsole(evidence: Evidence): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, 'write').mockImplementation((...[chunk, encoding, done]: Parameters<typeof stream.write>) => {
      evidence.add('console', Buffer.from(chunk));
      return write(chunk, encoding, done);
    });
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...entry: unknown[]) => evidence.add('console', entry));
  }
}
