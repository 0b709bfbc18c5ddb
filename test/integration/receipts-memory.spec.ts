import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RECEIPT_LIFETIME_SECONDS, SentMessages } from '../../libs/otp/src/flows/sent-messages.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ReportingTransport, signedReceipts } from '../support/receipts.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { newChallenge, newSeals } from '../support/taken-message.js';

const MESSAGES = 50_000;
const AT_ONCE = 250;

let server: RedisServer;
let inspector: Redis;
const stores: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  server = await startRedis();
  inspector = new Redis(server.url);
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  inspector.disconnect();
  await server.stop();
});

async function usedMemory(): Promise<number> {
  const info = await inspector.info('memory');
  return Number(/used_memory:(?<bytes>\d+)/.exec(info)?.groups?.['bytes']);
}

it('what is kept of a message until its receipt comes costs at most 400 bytes, for four hours', async () => {
  const store = redisStore({ url: server.url });
  stores.push(store);
  await store.connect();
  const seals = newSeals();
  const transport = new ReportingTransport(signedReceipts(), 'twilio');
  const sent = new SentMessages({ transports: [transport], marks: store.marks, ...seals });
  const remember = () => {
    const messageId = `SM${randomBytes(16).toString('hex')}`;
    sent.remember({ challenge: newChallenge(seals.ids), generation: 1, transport: 'twilio', messageId });
    return messageId;
  };
  const before = await usedMemory();
  for (let done = 0; done < MESSAGES; done += AT_ONCE) {
    const ids = Array.from({ length: AT_ONCE }, remember);
    // One connection keeps the order, so with the last all are written.
    expect(await sent.find('twilio', ids.at(-1) ?? '')).toMatchObject({ purpose: 'login' });
  }
  const bytes = Math.round(((await usedMemory()) - before) / MESSAGES);
  const sample = (await inspector.randomkey()) ?? '';
  const details = { bytes, value: await inspector.strlen(sample), key: sample.length };
  process.stdout.write(`Redis memory of a message that will be reported on: ${JSON.stringify(details)}\n`);
  expect(await inspector.dbsize()).toBe(MESSAGES);
  expect(bytes).toBeLessThanOrEqual(400);
});

it('each state that was reported costs at most 130 bytes more', async () => {
  const store = redisStore({ url: server.url });
  stores.push(store);
  await store.connect();
  const { index } = newSeals();
  const before = await usedMemory();
  for (let done = 0; done < MESSAGES; done += AT_ONCE) {
    const marks = Array.from({ length: AT_ONCE }, (_, n) => index.mark('receipt', `twilio\0${done + n}\0delivered`));
    await Promise.all(marks.map((mark) => store.marks.putIfAbsent(mark, '1', RECEIPT_LIFETIME_SECONDS)));
  }
  const bytes = Math.round(((await usedMemory()) - before) / MESSAGES);
  process.stdout.write(`Redis memory of a state that was reported: ${bytes} bytes\n`);
  expect(bytes).toBeLessThanOrEqual(130);
});
