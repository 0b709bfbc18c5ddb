import { memoryStore, type OtpStore, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtpAdmin } from '../../libs/otp/src/admin/otp-admin.js';
import { expectProblem } from '../support/expect-problem.js';
import { NUMBER, OtpHttpClient, type Started } from '../support/http.js';
import { ADAPTERS, type OtpAppOptions } from '../support/otp-app.js';
import { queryReceipts, type ReportingApp, signedReceipts, startReportingApp } from '../support/receipts.js';
import { numberOfPrefix } from '../support/risk.js';
import { type StoreMethod, watchStore } from '../support/store-doubles.js';

describe.each(ADAPTERS)('receipts, on %s', (adapter) => {
  let otp: ReportingApp;
  let client: OtpHttpClient;
  let clock: ManualClock;
  let calls: StoreMethod[];
  let lost: readonly StoreMethod[];

  const start = async (options: OtpAppOptions = {}) => {
    clock = new ManualClock();
    calls = [];
    lost = [];
    otp = await startReportingApp({ adapter, clock, store: watched(memoryStore({ clock })), ...options });
    client = new OtpHttpClient(otp);
  };

  const watched = (store: OtpStore) =>
    watchStore(store, (method) => {
      calls.push(method);
      if (lost.includes(method)) {
        throw new StoreUnavailableError('10.0.0.7:6379 refused the connection');
      }
    });

  beforeEach(() => start());
  afterEach(() => otp.close());

  const deliveryOf = async ({ challengeId }: Started) => (await client.status(challengeId)).body['delivery'];

  it('M1 shows what became of a message, and answers exactly what the provider wants', async () => {
    const started = await client.start();
    expect(await deliveryOf(started)).toBe('sent');
    const answer = await otp.report([{ messageId: 'acme-1', state: 'delivered', detail: 'DELIVRD' }]);
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'text/xml', '<Response/>']);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': '11' });
    expect(await deliveryOf(started)).toBe('delivered');
  });

  it('K1 tells it as one event that names neither message, number nor challenge', async () => {
    const { challengeId } = await client.start();
    await otp.report([{ messageId: 'acme-1', state: 'failed', detail: `30003 to ${NUMBER}\n[31mfake` }]);
    expect(otp.told).toEqual([
      {
        type: 'delivery.reported',
        time: '2026-01-01T00:00:00.000Z',
        destination: '+31*******78',
        country: 'NL',
        numberRef: expect.stringMatching(/^[\w-]{16}$/),
        purpose: 'login',
        lane: 'public',
        challengeRef: expect.stringMatching(/^[\w-]{8}$/),
        transport: 'acme',
        channel: 'sms',
        state: 'failed',
        detail: '30003 to +… [31mfake',
      },
    ]);
    expect(JSON.stringify(otp.told)).not.toContain(challengeId);
    expect(JSON.stringify(otp.told)).not.toMatch(/612345678|acme-1/);
  });

  it('M1 a final state is final, whatever comes after it and in whatever order', async () => {
    const first = await client.start();
    await otp.report([{ messageId: 'acme-1', state: 'delivered' }]);
    await otp.report([{ messageId: 'acme-1', state: 'sent' }]);
    await otp.report([{ messageId: 'acme-1', state: 'failed' }]);
    expect(await deliveryOf(first)).toBe('delivered');
    clock.advanceSeconds(31);
    const second = await client.start();
    await otp.report([{ messageId: 'acme-2', state: 'failed' }]);
    await otp.report([{ messageId: 'acme-2', state: 'delivered' }]);
    expect(await deliveryOf(second)).toBe('failed');
    expect(otp.told.map((event) => 'state' in event && event.state)).toEqual([
      'delivered',
      'sent',
      'failed',
      'failed',
      'delivered',
    ]);
  });

  it('M1 case 77 a repeat is answered as the first was, and nothing happens', async () => {
    await client.start();
    const first = await otp.report([{ messageId: 'acme-1', state: 'delivered' }]);
    const again = await otp.report([{ messageId: 'acme-1', state: 'delivered' }]);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(otp.told).toHaveLength(1);
  });

  it('M1 the same receipt 50 times at once is one event', async () => {
    const started = await client.start();
    const receipts = [{ messageId: 'acme-1', state: 'delivered' }];
    const answers = await Promise.all(Array.from({ length: 50 }, () => otp.report(receipts)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(otp.told).toHaveLength(1);
    expect(await deliveryOf(started)).toBe('delivered');
  });

  it('M1 a receipt of an old message touches no new one', async () => {
    const started = await client.start();
    clock.advanceSeconds(31);
    await client.resend(started.challengeId);
    await otp.report([{ messageId: 'acme-1', state: 'failed' }]);
    expect(await deliveryOf(started)).toBe('sent');
    expect(otp.told).toHaveLength(1);
    await otp.report([{ messageId: 'acme-2', state: 'delivered' }]);
    expect(await deliveryOf(started)).toBe('delivered');
  });

  it('M1 K1 is told of a message whose code was answered before', async () => {
    const { challengeId, code } = await client.start();
    await client.verify(challengeId, code);
    expect((await otp.report([{ messageId: 'acme-1', state: 'delivered' }])).status).toBe(200);
    expect(otp.told).toMatchObject([
      { type: 'delivery.reported', purpose: 'login', country: 'NL', state: 'delivered' },
    ]);
    expect((await client.status(challengeId)).status).toBe(410);
  });

  it('M1 overlooks what it does not know, at the price of one look', async () => {
    const started = await client.start();
    calls.length = 0;
    const unknown = ['acme-2', 'ACME-1', 'acme-1 ', '', 'a'.repeat(256), NUMBER, null, 1, { toString: 'x' }];
    const receipts = unknown.map((messageId) => ({ messageId, state: 'failed' }));
    const strange = [{ messageId: 'acme-1', state: 'read' }, { messageId: 'acme-1' }, { state: 'failed' }];
    expect((await otp.report([...receipts, ...strange, [], 'acme-1'] as object[])).status).toBe(200);
    expect(calls).toEqual(['marks.get', 'marks.get', 'marks.get']);
    expect(await deliveryOf(started)).toBe('sent');
    expect(otp.told).toEqual([]);
  });

  it('M1 overlooks a receipt that comes hours late', async () => {
    await client.start();
    clock.advanceSeconds(4 * 3600);
    expect((await otp.report([{ messageId: 'acme-1', state: 'delivered' }])).status).toBe(200);
    expect(otp.told).toEqual([]);
  });

  it.each(['SM.1.2/a+b=c', '__proto__', 'constructor', `"'<>&%00`, 'x'.repeat(255)])(
    'case 80 the id %s is an id like any other',
    async (messageId) => {
      otp.provider.ids.push(messageId);
      const started = await client.start();
      await otp.report([{ messageId, state: 'delivered' }]);
      expect(await deliveryOf(started)).toBe('delivered');
      expect(otp.told).toHaveLength(1);
    },
  );

  it('case 79 takes from no limit and gives back to none, and is worth no code', async () => {
    const admin = otp.app.get(OtpAdmin);
    const { challengeId, code } = await client.start();
    const before = await admin.status(NUMBER);
    expect(before).toMatchObject({ outcome: 'ok' });
    calls.length = 0;
    for (const state of ['sent', 'failed', 'delivered']) {
      await otp.report([{ messageId: 'acme-1', state }]);
    }
    expect(calls.filter((method) => method.startsWith('limits.'))).toEqual([]);
    expect(await admin.status(NUMBER)).toEqual(before);
    const { body } = await client.status(challengeId);
    expect(body).toMatchObject({ attemptsRemaining: 5, sendsRemaining: 2, delivery: 'failed' });
    expectProblem(await client.create(), 429, 'throttled');
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it.each<StoreMethod>(['marks.get', 'challenges.replaceIf', 'marks.putIfAbsent'])(
    'L1 without %s is 503 with a time to come back, and the repeat does all of it',
    async (method) => {
      const started = await client.start();
      lost = [method];
      const receipts = [{ messageId: 'acme-1', state: 'delivered' }];
      const answer = await otp.report(receipts);
      expectProblem(answer, 503, 'store_unavailable');
      expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(otp.told).toEqual([]);
      lost = [];
      expect((await otp.report(receipts)).status).toBe(200);
      expect(await deliveryOf(started)).toBe('delivered');
      expect(otp.told).toHaveLength(1);
    },
  );

  it('L1 a store that cannot remember a message costs its receipt, and nobody the login', async () => {
    lost = ['marks.put'];
    const { challengeId, code } = await client.start();
    expect((await otp.report([{ messageId: 'acme-1', state: 'delivered' }])).status).toBe(200);
    expect(otp.told).toEqual([]);
    expect((await client.verify(challengeId, code)).status).toBe(200);
  });

  it('M1 a batch does all of its receipts', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => client.start(numberOfPrefix(n))));
    const receipts = all.map((_, n) => ({ messageId: `acme-${n + 1}`, state: 'delivered' }));
    expect((await otp.report(receipts)).status).toBe(200);
    expect(await Promise.all(all.map(deliveryOf))).toEqual(all.map(() => 'delivered'));
    expect(otp.told).toHaveLength(12);
  });

  describe('with decoys', () => {
    it('M1 the state tells nobody who is real; operators are told', async () => {
      await otp.close();
      await start({ risk: { assessor: { assess: () => ({ decision: 'allow' }) }, decoys: true } });
      const { body } = await client.create();
      const challengeId = String(body['challengeId']);
      // The message goes out after the answer.
      await expect.poll(() => otp.provider.messages.length).toBe(1);
      await expect.poll(() => calls.includes('marks.put')).toBe(true);
      await otp.report([{ messageId: 'acme-1', state: 'failed' }]);
      expect((await client.status(challengeId)).body['delivery']).toBe('sent');
      expect(otp.told).toMatchObject([{ state: 'failed' }]);
    });
  });

  describe('from readers that go wrong', () => {
    const readers: readonly (readonly [string, Parameters<typeof signedReceipts>[0], number, string, string])[] = [
      ['throws', { read: () => JSON.parse('{') }, 400, 'invalid_request', 'malformed'],
      ['answers nothing', { read: () => JSON.parse('null') }, 400, 'invalid_request', 'malformed'],
      ['answers rubbish', { read: () => JSON.parse('{"outcome":"read"}') }, 400, 'invalid_request', 'malformed'],
      ['cannot check now', { read: () => ({ outcome: 'unavailable' }) }, 503, 'busy', 'unavailable'],
    ];

    it.each(readers)('M1 one that %s', async (_title, reader, status, code, reason) => {
      await otp.close();
      otp = await startReportingApp({ adapter, reader: signedReceipts(reader) });
      const answer = await otp.report([{ messageId: 'acme-1', state: 'delivered' }]);
      expectProblem(answer, status, code as 'busy');
      expect(answer.headers['retry-after']).toEqual(status === 503 ? expect.stringMatching(/^\d+$/) : undefined);
      expect(otp.told).toEqual([
        {
          type: 'receipt.refused',
          time: '2026-01-01T00:00:00.000Z',
          transport: 'acme',
          reason,
          clientNetwork: '127.0.0.0/24',
        },
      ]);
    });
  });

  it('M1 a provider may call by GET, with its receipt in the query', async () => {
    await otp.close();
    otp = await startReportingApp({ adapter, reader: queryReceipts() });
    client = new OtpHttpClient(otp);
    const started = await client.start();
    const receipt = encodeURIComponent(JSON.stringify({ messageId: 'acme-1', state: 'delivered' }));
    const token = otp.provider.receipts.tokens?.[0] ?? '';
    const answer = await client.call({ path: `/otp/webhooks/acme/${token}?receipt=${receipt}` });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers['content-type']).toBeUndefined();
    expect(await deliveryOf(started)).toBe('delivered');
  });
});
