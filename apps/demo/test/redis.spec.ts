import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { productionSecrets, startDemo, type RunningDemo } from '../../../test/support/demo-app.js';
import { cookieOf, DemoClient } from '../../../test/support/demo-client.js';
import { startRedis, type RedisServer } from '../../../test/support/redis-server.js';

describe('two demos on one Redis', () => {
  let redis: RedisServer;
  let demos: readonly RunningDemo[];
  let clients: readonly [DemoClient, DemoClient];

  beforeEach(async () => {
    redis = await startRedis();
    const env = { REDIS_URL: redis.url, ...productionSecrets() };
    const [first, second] = [await startDemo({ env }), await startDemo({ env, adapter: 'fastify' })];
    demos = [first, second];
    clients = [new DemoClient(first), new DemoClient(second)];
  });
  afterEach(async () => {
    await Promise.all(demos.map((demo) => demo.stop()));
    await redis.stop();
  });

  it('share their sessions', async () => {
    const [first, second] = clients;
    const cookie = cookieOf(await first.signIn());
    expect((await second.get('/account', { Cookie: cookie })).status).toBe(200);
    await second.post('/session/end', { headers: { Cookie: cookie } });
    expect((await first.get('/account', { Cookie: cookie })).status).toBe(303);
  });

  it.each(['killed', 'frozen'] as const)(
    'L1 answer 503 within two seconds while Redis is %s, and work again after it',
    async (way) => {
      const cookie = cookieOf(await clients[0].signIn());
      await (way === 'killed' ? redis.kill() : redis.pause());
      for (const client of clients) {
        const page = await inTime(client.get('/account', { Cookie: cookie }));
        expect(page.status).toBe(503);
        expect(await page.text()).toContain('Not available right now');
        const api = await inTime(client.get('/api/account', { Cookie: cookie }));
        expect([api.status, await api.json()]).toEqual([503, expect.objectContaining({ code: 'store_unavailable' })]);
        const end = await inTime(client.post('/session/end', { headers: { Cookie: cookie } }));
        expect([end.status, end.headers.getSetCookie()]).toEqual([503, []]);
        expect((await inTime(client.get('/'))).status).toBe(200);
      }
      await (way === 'killed' ? redis.restart() : redis.resume());
      for (const client of clients) {
        await expect.poll(async () => (await client.get('/account', { Cookie: cookie })).status).not.toBe(503);
      }
    },
  );
});

async function inTime(answer: Promise<Response>): Promise<Response> {
  const start = performance.now();
  const response = await answer;
  expect(performance.now() - start).toBeLessThan(2000);
  return response;
}
