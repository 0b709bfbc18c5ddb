import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { OtpAdmin } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OtpHttpClient, wrongCode } from '../support/http.js';
import { startOtpApp } from '../support/otp-app.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

it('the account that docs/stores.md asks for may do all that the store does, and nothing else', async () => {
  const [, list = ''] = (await readFile(new URL('../../docs/stores.md', import.meta.url), 'utf8')).split(
    'that may run',
  );
  const commands = [...(list.split(' on ')[0]?.matchAll(/`(?<name>[a-z|]+)`/g) ?? [])].map(
    ({ groups }) => groups?.['name'],
  );
  expect(commands).toContain('evalsha');
  const root = new Redis(redis.url);
  const rules = commands.map((name) => `+${name ?? ''}`);
  await root.call('ACL', 'SETUSER', 'otp', 'reset', 'on', '>secret', '~acme:*', ...rules);
  const url = redis.url.replace('redis://', 'redis://otp:secret@');
  const otp = await startOtpApp({ store: redisStore({ url, namespace: 'acme' }) });
  try {
    const client = new OtpHttpClient(otp);
    const { challengeId, code } = await client.start();
    expect((await client.verify(challengeId, wrongCode(code))).status).toBe(422);
    expect(
      (await client.call({ method: 'POST', path: `/otp/challenges/${challengeId}/resend`, body: {} })).status,
    ).toBe(429);
    expect((await client.status(challengeId)).status).toBe(200);
    expect((await client.verify(challengeId, code)).status).toBe(200);
    const admin = otp.app.get(OtpAdmin);
    expect((await admin.status('+31612345678')).outcome).toBe('ok');
    for (const done of [
      await admin.unlock('+31612345678', { actor: 'ann', reason: 'test' }),
      await admin.revokeDevices('+31612345678', { actor: 'ann' }),
      await admin.revokeProofs('+31612345678', { actor: 'ann' }),
      await admin.erase('+31612345678', { actor: 'ann' }),
    ]) {
      expect(done.outcome).not.toBe('store_unavailable');
    }
  } finally {
    await otp.close();
    root.disconnect();
  }
});
