import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productionSecrets, startDemo, type RunningDemo } from '../../../test/support/demo-app.js';
import { DemoClient } from '../../../test/support/demo-client.js';
import { startRedis, type RedisServer } from '../../../test/support/redis-server.js';
import { AttackRunner } from '../src/attack/attack-runner.js';
import { ATTACK_NAMES, type AttackName } from '../src/attack/attack.js';
import type { AttackReport } from '../src/attack/attack-run.js';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** What a browser does that sends a page's own form. */
function submit(demo: RunningDemo, path: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(new URL(path, demo.url), {
    method: 'POST',
    headers: { ...FORM, Origin: demo.url, 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
}

async function launch(demo: RunningDemo, attack: AttackName): Promise<AttackReport> {
  const runner = demo.app.get(AttackRunner);
  const response = await submit(demo, '/attack', { attack });
  expect([response.status, response.headers.get('location')]).toEqual([303, `/attack#${attack}`]);
  await runner.ended();
  const report = runner.report(attack);
  if (report === undefined) {
    throw new Error('no report of the attack');
  }
  return report;
}

describe.each(['express', 'fastify'] as const)('the attack page on %s', (adapter) => {
  let demo: RunningDemo;
  let client: DemoClient;

  beforeAll(async () => {
    demo = await startDemo({ adapter });
    client = new DemoClient(demo);
  });
  afterAll(() => demo.stop());

  it('offers every attack, launched or not', async () => {
    const page = await client.get('/attack');
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const html = await page.text();
    for (const name of ATTACK_NAMES) {
      expect(html).toContain(`name="attack" value="${name}"`);
    }
    expect(html).toContain('No attack is running.');
    expect(html).not.toMatch(/<svg| style=|<style|<script>/);
  });

  it('launches one attack, refuses a second meanwhile, and shows what both sides let through', async () => {
    const runner = demo.app.get(AttackRunner);
    expect((await submit(demo, '/attack', { attack: 'pump_prefix' })).status).toBe(303);
    const during = await client.get('/attack');
    expect(await during.text()).toContain('Running: Many addresses, one prefix');
    const second = await submit(demo, '/attack', { attack: 'bomb_number' });
    expect([second.status, second.headers.get('cache-control')]).toEqual([409, 'no-store']);
    expect(await second.text()).toContain('Another attack is running.');
    await runner.ended();
    const html = await (await client.get('/attack')).text();
    expect(html).toMatch(/<strong>10<\/strong> messages sent/);
    expect(html).toMatch(/<strong>200<\/strong> messages sent/);
    expect(html).toContain('10 with the module and 200 with plain counters, after 200 steps');
    expect(html).toContain('First refusal after 10 messages');
    expect(html).toContain('prefix.unansweredSends.3600');
    expect(runner.report('bomb_number')).toBeUndefined();
  });

  it('case 54: the victim of a lock-out signs in with the remembered browser', async () => {
    const report = await launch(demo, 'lock_out');
    expect([report.module.victim, report.plain.victim]).toEqual(['signed_in', 'refused']);
    const html = await (await client.get('/attack')).text();
    expect(html).toContain('The owner still signs in');
    expect(html).toContain('The owner is locked out');
  });

  it('stops an attack, also when none runs', async () => {
    const runner = demo.app.get(AttackRunner);
    await submit(demo, '/attack', { attack: 'pump_country' });
    const response = await submit(demo, '/attack/stop');
    expect([response.status, response.headers.get('location')]).toEqual([303, '/attack']);
    expect(runner.running).toBeUndefined();
    const report = runner.report('pump_country');
    expect(report?.state).toBe('stopped');
    expect(report?.steps).toBeLessThan(300);
    expect(await (await client.get('/attack')).text()).toContain(`Stopped after ${report?.steps} of 300 steps`);
    expect((await submit(demo, '/attack/stop')).status).toBe(303);
  });

  it.each([{}, { attack: 'constructor' }, { attack: '__proto__' }, { attack: 'all' }, { other: 'pump_prefix' }])(
    'J1 launches nothing for %o',
    async (fields) => {
      expect((await submit(demo, '/attack', fields)).status).toBe(400);
      expect(demo.app.get(AttackRunner).running).toBeUndefined();
    },
  );

  it('case 69: other sites cannot launch or stop anything, and no GET does', async () => {
    for (const path of ['/attack', '/attack/stop']) {
      const foreign = await fetch(new URL(path, demo.url), {
        method: 'POST',
        headers: { ...FORM, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
        body: new URLSearchParams({ attack: 'bomb_number' }),
        redirect: 'manual',
      });
      expect(foreign.status, path).toBe(403);
    }
    await client.get('/attack?attack=bomb_number');
    expect((await client.get('/attack/stop')).status).toBe(404);
    expect(demo.app.get(AttackRunner).running).toBeUndefined();
  });

  it.each(['nl', 'fr', 'de', 'es', 'ar'])('speaks %s', async (language) => {
    const headers = { 'Accept-Language': language };
    const [own, english] = await Promise.all([client.get('/attack', headers), client.get('/attack')]);
    const [html, other] = [await own.text(), await english.text()];
    expect(html).toContain(`<html lang="${language}"`);
    expect(html).not.toMatch(/[>"]attack\.[a-z]/);
    expect(html).not.toContain(/<h1>(.*?)<\/h1>/.exec(other)?.[1]);
  });

  it('its messages stand neither on the handset nor in the way of a visitor', async () => {
    const inbox = await (await client.get('/dev/inbox')).json();
    expect(inbox).toEqual([]);
    const visitor = await client.post('/otp/challenges', { body: { phoneNumber: '+31612345678' } });
    expect(visitor.status).toBe(201);
  });
});

describe('attacks on a demo with Redis', () => {
  let redis: RedisServer;
  let demo: RunningDemo;

  beforeAll(async () => {
    redis = await startRedis();
    demo = await startDemo({ env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await demo.stop();
    await redis.stop();
  });

  it('meet the same limits', async () => {
    expect((await launch(demo, 'guess_numbers')).module).toMatchObject({ sent: 10, compared: 10 });
    expect((await launch(demo, 'lock_out')).module).toMatchObject({ sent: 1, victim: 'signed_in' });
  });

  it('L1 end as stopped or refused, and never as sent, when the store is lost', async () => {
    await submit(demo, '/attack', { attack: 'pump_country' });
    await redis.kill();
    const runner = demo.app.get(AttackRunner);
    await runner.stop();
    const lost = await launch(demo, 'bomb_number');
    expect(lost.module).toMatchObject({ sent: 0, refusedBy: [{ by: 'store_unavailable', times: 200 }] });
    await redis.restart();
  });
});

describe.each(['express', 'fastify'] as const)('the demo in production on %s', (adapter) => {
  it('case 67: has no attacks, not even their style sheet', async () => {
    const demo = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
    try {
      const client = new DemoClient(demo);
      expect((await client.get('/attack')).status).toBe(404);
      expect((await submit(demo, '/attack', { attack: 'bomb_number' })).status).toBe(404);
      expect((await submit(demo, '/attack/stop')).status).toBe(404);
      expect((await client.get('/assets/dev-attack.css')).status).toBe(404);
      expect(() => demo.app.get(AttackRunner)).toThrow(/AttackRunner/);
    } finally {
      await demo.stop();
    }
  });
});
