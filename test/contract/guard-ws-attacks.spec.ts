import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { HOUR, letMessagesAge } from '../support/limits.js';
import { eventsOf } from '../support/risk.js';
import { SOCKET_IO, startWsApp, WS, WS_SERVERS, type WsApp, type WsAppOptions } from '../support/ws-app.js';
import { answerTo, expectRefusal, type WsClient } from '../support/ws-client.js';

const ONE_MESSAGE_AN_ADDRESS = { ip: { unansweredSends: [{ limit: 1, windowSeconds: HOUR }] } };

describe.each(WS_SERVERS)('attacks on guards of WebSockets, $name', (server) => {
  let otp: WsApp;
  afterEach(() => otp.close());

  const start = async (options: Partial<WsAppOptions> = {}): Promise<WsClient> => {
    otp = await startWsApp({ server, ...options });
    return otp.connect();
  };

  const askToRename = async (client: WsClient) =>
    answerTo(expectRefusal(await client.call('rename', {}), 'otp_required'), otp.codeTo(NUMBER));

  /** The answers to as many of the same message at once. */
  const atOnce = (client: WsClient, count: number, event: string, payload: object) => {
    Array.from({ length: count }, () => client.send(event, payload));
    return Promise.all(Array.from({ length: count }, () => client.next()));
  };

  describe('payloads', () => {
    it.each([['a text'], [''], [7], [0], [true], [null], [[]], [['otp']], [[{ otp: { proof: 'x' } }]], [{}]])(
      'case 57 %j carries no code',
      async (payload) => {
        const client = await start();
        const { challenge } = expectRefusal(await client.call('rename', payload), 'otp_required');
        expect(challenge).toBeDefined();
        expect(expectRefusal(await client.call('rename'), 'otp_required').challenge).toEqual(challenge);
        expect(otp.calls).toEqual([]);
        expect(otp.transport.messages).toHaveLength(1);
      },
    );

    const shapes: readonly (readonly [string, (id: string, code: string) => string])[] = [
      ['a text', () => '{"otp":"123456"}'],
      ['a number', (_id, code) => `{"otp":${Number(code)}}`],
      ['null', () => '{"otp":null}'],
      ['true', () => '{"otp":true}'],
      ['an array', (id, code) => `{"otp":["${id}","${code}"]}`],
      ['an array of the right object', (id, code) => `{"otp":[{"challengeId":"${id}","code":"${code}"}]}`],
      ['an empty object', () => '{"otp":{}}'],
      ['a number as code', (id, code) => `{"otp":{"challengeId":"${id}","code":${Number(code)}}}`],
      ['arrays as members', (id, code) => `{"otp":{"challengeId":["${id}"],"code":["${code}"]}}`],
      ['an object as code', (id, code) => `{"otp":{"challengeId":"${id}","code":{"toString":"${code}"}}}`],
      ['only a code', (_id, code) => `{"otp":{"code":"${code}"}}`],
      ['only a challenge', (id) => `{"otp":{"challengeId":"${id}"}}`],
      ['its prototype', (id, code) => `{"otp":{"__proto__":{"challengeId":"${id}","code":"${code}"}}}`],
      ['the payload’s prototype', (id, code) => `{"__proto__":{"otp":{"challengeId":"${id}","code":"${code}"}}}`],
      [
        'the constructor’s',
        (id, code) => `{"constructor":{"prototype":{"otp":{"challengeId":"${id}","code":"${code}"}}}}`,
      ],
      ['an unknown challenge', (_id, code) => `{"otp":{"challengeId":"__proto__","code":"${code}"}}`],
      ['members beside the payload', (id, code) => `{"challengeId":"${id}","code":"${code}"}`],
      ['a proof of true', () => '{"otp":{"proof":true}}'],
    ];

    it.each(shapes)('J2 case 59 %s instead of the right member opens nothing', async (_name, shape) => {
      const client = await start();
      const right = await askToRename(client);
      const payload: unknown = JSON.parse(shape(right.otp.challengeId, right.otp.code));
      const refused = await client.call('rename', payload);
      expect(refused.event).toBe('exception');
      expect(['otp_required', 'invalid_request', 'challenge_gone']).toContain(refused.data['code']);
      expect(otp.calls).toEqual([]);
      expect(Object.hasOwn(Object.prototype, 'otp')).toBe(false);
      expect(await client.call('rename', right)).toMatchObject({ data: { ran: 'rename' } });
    });

    it('A6 the handler never sees the code, nor does one that skipIf lets through', async () => {
      const client = await start();
      const right = await askToRename(client);
      await client.call('rename', { name: 'mine', ...right });
      await client.call('rolledOut', { name: 'mine', ...right });
      expect(otp.calls).toEqual(['rename {"name":"mine"}', 'rolledOut {"name":"mine"}']);
    });

    it('handlers that ask for no code have a member of that name to themselves', async () => {
      const client = await start();
      await client.call('open', { otp: 1 });
      await client.call('cancel', { otp: 2 });
      expect(otp.calls).toEqual(['open {"otp":1}', 'cancel {"otp":2}']);
    });

    it('case 24 what the handshake says proves nothing', async () => {
      await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      const client = await otp.connect({
        headers: { 'OTP-Proof': proof, Cookie: `proof=${proof}; otp-proof=${proof}` },
      });
      expectRefusal(await client.call('enter', { proof, verified: true, phoneNumber: NUMBER }), 'otp_required');
      expect(otp.calls).toEqual([]);
    });
  });

  describe('many at once', () => {
    it('A3 case 3 of ten messages with one code one runs', async () => {
      const client = await start();
      const answers = await atOnce(client, 10, 'rename', await askToRename(client));
      expect(answers.filter(({ event }) => event === 'done')).toHaveLength(1);
      expect(otp.calls).toEqual(['rename {}']);
    });

    it('A3 case 3 so it is over two connections', async () => {
      const client = await start();
      const other = await otp.connect();
      const payload = await askToRename(client);
      const answers = await Promise.all([client, other].map((each) => atOnce(each, 5, 'rename', payload)));
      expect(answers.flat().filter(({ event }) => event === 'done')).toHaveLength(1);
      expect(otp.calls).toEqual(['rename {}']);
    });

    it('case 25 of ten messages with one single-use proof one runs', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      const answers = await atOnce(client, 10, 'enterOnce', { otp: { proof } });
      expect(answers.filter(({ event }) => event === 'done')).toHaveLength(1);
      expect(otp.calls).toEqual(['enterOnce {}']);
    });

    it('case 25 of two handlers of one message one proof opens one', async () => {
      const client = await start();
      const proof = await new OtpHttpClient(otp).prove(NUMBER, 'login');
      client.send('shared', { otp: { proof } });
      const events = [(await client.next()).event, (await client.next()).event];
      expect(events.toSorted()).toEqual(['done', 'exception']);
      expect(otp.calls).toEqual(['shared {}']);
    });

    it('case 2 of twenty guesses no more are compared than the challenge has attempts', async () => {
      const client = await start();
      const right = await askToRename(client);
      const guess = { otp: { ...right.otp, code: wrongCode(right.otp.code) } };
      const codes = (await atOnce(client, 20, 'rename', guess)).map(({ data }) => data['code']);
      expect(codes.filter((code) => code === 'incorrect_code').length).toBeLessThanOrEqual(5);
      expectRefusal(await client.call('rename', right), 'attempts_exhausted');
      expect(otp.calls).toEqual([]);
    });

    it('case 50 twenty first messages send one', async () => {
      const client = await start();
      await atOnce(client, 20, 'rename', {});
      expect(otp.transport.messages).toHaveLength(1);
      expect(otp.calls).toEqual([]);
    });
  });

  describe('the address', () => {
    it('C1 C3 is the socket’s: who uses up one keeps nobody out at another', async () => {
      const client = await start({ limits: ONE_MESSAGE_AN_ADDRESS });
      expectRefusal(await client.call('rename', {}), 'otp_required');
      letMessagesAge(otp.clock);
      const here = await otp.connect({ account: 'attacker' });
      expectRefusal(await here.call('rename', {}), 'throttled');
      const there = await otp.connect({ account: 'attacker', localAddress: '127.0.0.2' });
      expectRefusal(await there.call('rename', {}), 'otp_required');
    });

    it('case 43 a header forges none, unless a listed proxy says it', async () => {
      await start({ trustedProxies: ['10.0.0.0/8'] });
      const events = eventsOf(otp);
      const forger = await otp.connect({ headers: { 'X-Forwarded-For': '203.0.113.9' } });
      await forger.call('rename', {});
      expect(JSON.stringify(events)).toContain('"clientNetwork":"127.0.0');
      expect(JSON.stringify(events)).not.toContain('203.0.113');
    });

    it('C3 a listed proxy tells it', async () => {
      await start({ trustedProxies: ['loopback'] });
      const events = eventsOf(otp);
      const client = await otp.connect({ headers: { 'X-Forwarded-For': '203.0.113.9' } });
      await client.call('rename', {});
      expect(JSON.stringify(events)).toContain('"clientNetwork":"203.0.113');
    });
  });

  describe('case 69 a proof in a cookie', () => {
    const headersOf = async (more: Readonly<Record<string, string>>) => ({
      Cookie: `proof=${await new OtpHttpClient(otp).prove(NUMBER, 'login')}`,
      ...more,
    });

    it.each([
      ['from a page of another site', { Origin: 'https://evil.example' }],
      ['that a browser says is cross-site', { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }],
      ['from nobody knows where', {}],
    ])('%s opens nothing', async (_name, headers) => {
      await start();
      const client = await otp.connect({ headers: await headersOf(headers) });
      expectRefusal(await client.call('balance', {}), 'otp_required');
      expect(otp.calls).toEqual([]);
    });

    it('from a page of this very site opens its event', async () => {
      await start();
      const client = await otp.connect({ headers: await headersOf({ Origin: otp.url }) });
      expect(await client.call('balance', {})).toMatchObject({ data: { ran: 'balance' } });
    });
  });
});

describe('addresses that are hard to know', () => {
  let otp: WsApp;
  afterEach(() => otp.close());

  it('C3 Socket.IO by polling: that of the handshake, whose connection has gone', async () => {
    otp = await startWsApp({ server: SOCKET_IO });
    const events = eventsOf(otp);
    const connected = once(otp.app.getHttpServer(), 'connection');
    const client = await otp.connect({ polling: true });
    const [handshake] = await connected;
    if (!handshake.destroyed) {
      await once(handshake, 'close');
    }
    expectRefusal(await client.call('rename', {}), 'otp_required');
    expect(JSON.stringify(events)).toContain('"clientNetwork":"127.0.0');
  });

  it('C1 the package ws without rememberConnection: all such clients share one strict budget', async () => {
    otp = await startWsApp({ server: WS, remember: false, limits: ONE_MESSAGE_AN_ADDRESS });
    const events = eventsOf(otp);
    expectRefusal(await (await otp.connect()).call('rename', {}), 'otp_required');
    letMessagesAge(otp.clock);
    const other = await otp.connect({ account: 'attacker', localAddress: '127.0.0.2' });
    expectRefusal(await other.call('rename', {}), 'throttled');
    expect(JSON.stringify(events)).not.toContain('127.0.0');
  });

  it('J1 Socket.IO: a code in a second argument is none', async () => {
    otp = await startWsApp({ server: SOCKET_IO });
    const client = await otp.connect();
    const payload = answerTo(expectRefusal(await client.call('rename', {}), 'otp_required'), otp.codeTo(NUMBER));
    client.send('rename', {}, payload);
    expectRefusal(await client.next(), 'otp_required');
    expect(otp.calls).toEqual([]);
  });
});
