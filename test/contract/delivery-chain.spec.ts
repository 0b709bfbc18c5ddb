import { OtpEvents, OtpHealth, type OtpEvent, type OtpOptions } from 'nestjs-sms-otp';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpAnswer, NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { numberOf } from '../support/otp-instances.js';

describe.each(ADAPTERS)('a chain of transports behind the routes, on %s', (adapter) => {
  let first: RecordingTransport;
  let second: RecordingTransport;
  let otp: OtpApp;
  let client: OtpHttpClient;
  let events: OtpEvent[];

  async function start(options: Partial<OtpOptions> = {}): Promise<void> {
    otp = await startOtpApp({ adapter, transports: [first, second], ...options });
    client = new OtpHttpClient(otp);
    events = [];
    otp.app.get(OtpEvents, { strict: false }).on('*', (event) => events.push(event));
  }

  beforeEach(() => {
    first = new RecordingTransport({ name: 'first' });
    second = new RecordingTransport({ name: 'second' });
  });

  afterEach(() => otp.close());

  const eventsOf = (...types: string[]) => events.filter(({ type }) => types.includes(type));
  const typeIn = (created: HttpAnswer, code = '') => client.verify(textMember(created, 'challengeId'), code);
  const circuits = async () =>
    (await otp.app.get(OtpHealth, { strict: false }).check()).transports.map(({ circuit }) => circuit);

  it('falls over, and the code of the message is good', async () => {
    await start();
    first.failNext('transient');
    const created = await client.create();
    expect(created.status).toBe(201);
    expect(first.messages).toEqual([]);
    expect((await typeIn(created, second.lastCodeTo(NUMBER))).status).toBe(200);
    expect(eventsOf('delivery.failed', 'delivery.accepted')).toMatchObject([
      { type: 'delivery.failed', transport: 'first', reason: 'transient' },
      { type: 'delivery.accepted', transport: 'second' },
    ]);
  });

  it('is 503 when all refuse, and nothing tells which transports there are', async () => {
    await start();
    first.failNext('quota');
    second.failNext('configuration');
    const refused = await client.create();
    expectProblem(refused, 503, 'delivery_failed');
    expect(refused.text).not.toMatch(/first|second|quota|configuration/);
  });

  it('case 56 does not ask another after a timeout: no second charge, no second code', async () => {
    await start();
    first.throwNext();
    const created = await client.create();
    expect(created.status).toBe(201);
    expect(second.messages).toEqual([]);
    expect((await client.status(textMember(created, 'challengeId'))).body).toMatchObject({ delivery: 'unknown' });
  });

  it('case 56 with afterUnknownOutcome: next the second message has the same code', async () => {
    await start({ delivery: { afterUnknownOutcome: 'next' } });
    const seen: string[] = [];
    const send = first.send.bind(first);
    first.send = async (message, options) => {
      seen.push(message.code);
      await send(message, options);
      throw new Error('the answer was lost');
    };
    const created = await client.create();
    expect(seen).toEqual([second.lastCodeTo(NUMBER)]);
    expect((await typeIn(created, seen[0])).status).toBe(200);
  });

  it('C1 an opt-out at the first is one at all', async () => {
    await start();
    first.failNext('opted-out');
    expectProblem(await client.create(), 503, 'delivery_failed');
    expect(second.messages).toEqual([]);
  });

  it('follows the order for the country of the number', async () => {
    await start({ delivery: { order: [{ countries: ['NL'], transports: ['second', 'first'] }] } });
    await client.create();
    await client.create({ phoneNumber: '+32470123456' });
    expect(second.messages.map(({ to }) => to)).toEqual([NUMBER]);
    expect(first.messages.map(({ to }) => to)).toEqual(['+32470123456']);
  });

  it('tells once that a circuit opened and closed, and health shows it', async () => {
    await start({ delivery: { circuitBreaker: { failures: 2, openSeconds: 30 } } });
    for (let count = 0; count < 4; count += 1) {
      first.failNext('transient');
      await client.create({ phoneNumber: numberOf(count * 10_000) });
    }
    expect(second.messages).toHaveLength(4);
    expect(await circuits()).toEqual(['open', 'closed']);
    first.clear();
    otp.clock.advanceSeconds(30);
    await client.create({ phoneNumber: numberOf(50_000) });
    expect(first.messages).toHaveLength(1);
    expect(await circuits()).toEqual(['closed', 'closed']);
    expect(eventsOf('circuit.opened', 'circuit.closed')).toEqual([
      { type: 'circuit.opened', time: expect.any(String), transport: 'first' },
      { type: 'circuit.closed', time: expect.any(String), transport: 'first' },
    ]);
  });
});
