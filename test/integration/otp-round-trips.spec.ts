import { hmacSha256, OtpService } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wrongCode } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { numberOf } from '../support/otp-instances.js';
import { type RedisMonitor, startRedisMonitor } from '../support/redis-monitor.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

/** Recording a delivery, and what counts the wrong codes of everybody: its only key is that of all. */
const IN_BACKGROUND = /"delivery"|"evalsha" "[0-9a-f]{40}" "1" "[\w-]+:\{a/;

describe.each([
  ['with a client', { ip: '198.51.100.7' }],
  ['without a client', 'none'],
] as const)('round trips to Redis, %s', (_name, client) => {
  let redis: RedisServer;
  let monitor: RedisMonitor;
  let app: OtpApp;
  let otp: OtpService;
  beforeAll(async () => {
    redis = await startRedis();
    app = await startOtpApp({ store: redisStore({ url: redis.url }), hashing: hmacSha256() });
    otp = app.app.get(OtpService);
    monitor = await startRedisMonitor(redis);
  });
  afterAll(async () => {
    monitor.stop();
    await app.close();
    await redis.stop();
  });

  const issue = (n: number) => otp.issue({ purpose: 'login', phoneNumber: numberOf(n), client });

  /** Of a call: what it waits for, and what is written in the background. */
  async function tripsOf(call: () => Promise<{ readonly outcome: string }>, outcome: string) {
    let answered = 'nothing';
    const commands = await monitor.during(async () => (answered = (await call()).outcome));
    expect(answered).toBe(outcome);
    expect(commands.filter((line) => !line.includes('"evalsha"'))).toEqual([]);
    const background = commands.filter((line) => IN_BACKGROUND.test(line)).length;
    return { awaited: commands.length - background, background };
  }

  async function started(n: number) {
    const result = await issue(n);
    if (result.outcome !== 'issued') {
      throw new Error(result.outcome);
    }
    const { challengeId } = result.challenge;
    const code = app.codeTo(numberOf(n));
    await monitor.settle();
    const verify = (typed: string) => otp.verify({ purpose: 'login', challengeId, code: typed, client });
    return { code, verify };
  }

  it('issue: 2, and 1 in the background that records the delivery', async () => {
    expect(await tripsOf(() => issue(1), 'issued')).toEqual({ awaited: 2, background: 1 });
  });

  it('refused issue: 1', async () => {
    await started(2);
    expect(await tripsOf(() => issue(2), 'throttled')).toEqual({ awaited: 1, background: 0 });
  });

  it('right code: 2', async () => {
    const { code, verify } = await started(3);
    expect(await tripsOf(() => verify(code), 'verified')).toEqual({ awaited: 2, background: 0 });
  });

  it('wrong code: 1, and 1 in the background that counts it among everybody’s', async () => {
    const { code, verify } = await started(4);
    expect(await tripsOf(() => verify(wrongCode(code)), 'incorrect_code')).toEqual({ awaited: 1, background: 1 });
  });

  it('an answer to a challenge that is over: 1, to an id that was made up or a code that is none: 0', async () => {
    const { code, verify } = await started(5);
    await verify(code);
    expect(await tripsOf(() => verify(code), 'challenge_gone')).toEqual({ awaited: 1, background: 0 });
    expect(await tripsOf(() => verify('12'), 'invalid_code')).toEqual({ awaited: 0, background: 0 });
    const forged = () => otp.verify({ purpose: 'login', challengeId: 'A'.repeat(84), code, client });
    expect(await tripsOf(forged, 'challenge_gone')).toEqual({ awaited: 0, background: 0 });
  });
});
