import type { LoggerService } from '@nestjs/common';
import { OtpEvents, type OtpEvent } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PHONE_NUMBER, productionSecrets, startDemo, type RunningDemo } from '../../../test/support/demo-app.js';
import { DemoClient } from '../../../test/support/demo-client.js';
import { startRedis, type RedisServer } from '../../../test/support/redis-server.js';
import { SimulatedPhone } from '../src/handset/simulated-phone.js';

const UNREACHABLE = '+31612345600';
const IN_TIME = { timeout: 15_000 };

const challengeSchema = z.object({ challengeId: z.string() });
const statusSchema = z.object({ delivery: z.string() });

describe.each(['express', 'fastify'] as const)('the simulated phone on %s', (adapter) => {
  let demo: RunningDemo;
  let client: DemoClient;
  let phone: SimulatedPhone;
  let told: OtpEvent<'delivery.reported' | 'receipt.refused'>[];

  beforeEach(async () => {
    demo = await startDemo({ adapter });
    client = new DemoClient(demo);
    phone = demo.app.get(SimulatedPhone);
    told = [];
    for (const type of ['delivery.reported', 'receipt.refused'] as const) {
      demo.app.get(OtpEvents).on(type, (event) => told.push(event));
    }
  });
  afterEach(() => demo.stop());

  async function askForCode(phoneNumber: string): Promise<string> {
    const answer = await client.post('/otp/challenges', { body: { phoneNumber } });
    expect(answer.status).toBe(201);
    return challengeSchema.parse(await answer.json()).challengeId;
  }

  async function deliveryOf(challengeId: string): Promise<string> {
    return statusSchema.parse(await (await client.get(`/otp/challenges/${challengeId}`)).json()).delivery;
  }

  it('a message is sent, then delivered, as the module hears by its own webhook', async () => {
    const id = await askForCode(PHONE_NUMBER);
    expect(phone.inbox()[0]).toMatchObject({ channel: 'sms', segments: 1, cost: 0.105 });
    await expect.poll(() => deliveryOf(id), IN_TIME).toBe('delivered');
    expect(phone.inbox()[0]?.delivery).toBe('delivered');
    const states = () => told.map((event) => 'state' in event && event.state);
    await expect.poll(states, IN_TIME).toEqual(['sent', 'delivered']);
  });

  it('a text message to a number that ends in 00 fails', async () => {
    const id = await askForCode(UNREACHABLE);
    await expect.poll(() => deliveryOf(id), IN_TIME).toBe('failed');
    expect(phone.inbox(UNREACHABLE)[0]?.delivery).toBe('failed');
  });

  it('M1 case 76: a receipt without the token of this process changes nothing', async () => {
    const id = await askForCode(UNREACHABLE);
    const body = { messageId: phone.inbox(UNREACHABLE)[0]?.id, state: 'delivered' };
    const others = new SimulatedPhone().receiptToken;
    for (const token of ['', `/${others}`, `/${phone.receiptToken.slice(1)}`, `/${phone.receiptToken}0`]) {
      expect((await client.post(`/otp/webhooks/simulated${token}`, { body })).status).toBe(404);
    }
    // "Delivered" would have stayed.
    await expect.poll(() => deliveryOf(id), IN_TIME).toBe('failed');
    expect(phone.inbox(UNREACHABLE)[0]?.delivery).toBe('failed');
    expect(told.filter(({ type }) => type === 'receipt.refused')).toHaveLength(4);
  });

  it('D4 a notice arrives as well, and is no message of the module', async () => {
    phone.notify({ to: PHONE_NUMBER, text: 'Your number was changed.', country: 'NL' });
    await expect.poll(() => phone.inbox()[0]?.delivery, IN_TIME).toBe('delivered');
    expect(told).toEqual([]);
  });

  it('many messages are on their way at once', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    for (let i = 0; i < 30; i += 1) {
      phone.notify({ to: PHONE_NUMBER, text: `${i}` });
    }
    const delivered = () => phone.inbox().filter(({ delivery }) => delivery === 'delivered').length;
    await expect.poll(delivered, IN_TIME).toBe(30);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('case 67: production carries nothing, listens for no receipts and has no inbox', async () => {
    const production = await startDemo({ adapter, env: { NODE_ENV: 'production', ...productionSecrets() } });
    try {
      const inProduction = production.app.get(SimulatedPhone);
      const stranger = new DemoClient(production);
      expect((await stranger.post('/otp/challenges', { body: { phoneNumber: PHONE_NUMBER } })).status).toBe(201);
      const body = { messageId: inProduction.inbox()[0]?.id, state: 'delivered' };
      const path = `/otp/webhooks/simulated/${inProduction.receiptToken}`;
      expect((await stranger.post(path, { body })).status).toBe(404);
      expect((await stranger.get('/dev/inbox')).status).toBe(404);
      expect((await stranger.get('/assets/dev-phone.css')).status).toBe(404);
      expect(await (await stranger.get('/')).text()).not.toContain('class="phone"');
      expect(inProduction.inbox()[0]?.delivery).toBe('queued');
    } finally {
      await production.stop();
    }
  });
});

describe('the simulated phone with Redis', () => {
  let redis: RedisServer;
  let demo: RunningDemo;
  let phone: SimulatedPhone;
  const lines: string[] = [];

  beforeEach(async () => {
    const write = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
    redis = await startRedis();
    const logger: LoggerService = { log: write, warn: write, error: write };
    demo = await startDemo({ env: { REDIS_URL: redis.url, ...productionSecrets() }, logger });
    phone = demo.app.get(SimulatedPhone);
  });
  afterEach(async () => {
    await demo.stop();
    await redis.stop();
  });

  it('the module hears what became of a message', async () => {
    const states: string[] = [];
    demo.app.get(OtpEvents).on('delivery.reported', ({ state }) => states.push(state));
    await new DemoClient(demo).post('/otp/challenges', { body: { phoneNumber: PHONE_NUMBER } });
    await expect.poll(() => states, IN_TIME).toEqual(['sent', 'delivered']);
    expect(phone.inbox()[0]?.delivery).toBe('delivered');
  });

  it('case 66: a receipt that is not taken is logged without the token, the number and the text', async () => {
    await redis.kill();
    phone.notify({ to: PHONE_NUMBER, text: 'Your number was changed.' });
    await expect.poll(() => lines.filter((line) => line.includes('simulated receipt')), IN_TIME).toHaveLength(2);
    expect(lines.join('\n')).toContain('A simulated receipt was answered 503');
    expect(lines.join('\n')).not.toContain(phone.receiptToken);
    expect(lines.join('\n')).not.toMatch(/31612345678|was changed/);
  });
});
