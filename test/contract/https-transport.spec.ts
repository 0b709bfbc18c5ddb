import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../libs/otp/src/delivery/sms-transport.js';
import { httpsTransport, type HttpsTransportOptions } from '../../libs/otp/src/delivery/transports/https.transport.js';
import { transportContract } from '../../libs/otp/src/testing/transport-contract.js';

const message: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
};

const { signal: noAbort } = new AbortController();

interface SeenRequest {
  readonly url: string | undefined;
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A provider on a free port of this machine. Its answer is set by each test. */
let server: Server;
let base: string;
let seen: SeenRequest[];
let answer: (response: ServerResponse, body: string) => void;

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ url: request.url, method: request.method, headers: request.headers, body });
      answer(response, body);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${portOf(server.address())}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error('the server has no port');
  }
  return address.port;
}

function transportTo(options: Partial<HttpsTransportOptions> = {}) {
  return httpsTransport({ url: `${base}/send?key=s3cret`, body: ({ to, text }) => ({ to, text }), ...options });
}

const send = (options?: Partial<HttpsTransportOptions>) => transportTo(options).send(message, { signal: noAbort });

const json = (status: number, body: unknown) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

describe('what is sent', () => {
  it('an object as JSON, with the headers of this moment', async () => {
    answer = json(201, {});
    let key = 'one';
    const transport = transportTo({ headers: async () => ({ authorization: `Bearer ${key}` }) });
    await transport.send(message, { signal: noAbort });
    key = 'two';
    await transport.send(message, { signal: noAbort });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/send?key=s3cret' });
    expect(seen[0]?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ to: message.to, text: message.text });
  });

  it('a form', async () => {
    answer = json(200, {});
    await send({ method: 'PUT', body: ({ to }) => new URLSearchParams({ To: to }) });
    expect(seen[0]).toMatchObject({ method: 'PUT', body: 'To=%2B31612345678' });
    expect(seen[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it('text as it is, with the content type given', async () => {
    answer = json(200, {});
    await send({ headers: { 'content-type': 'application/xml' }, body: ({ to }) => `<to>${to}</to>` });
    expect(seen[0]?.headers['content-type']).toBe('application/xml');
    expect(seen[0]?.body).toBe('<to>+31612345678</to>');
  });
});

describe('what an answer means', () => {
  it.each([200, 201, 202, 204])('%i is accepted', async (status) => {
    answer = (response) => response.writeHead(status).end();
    expect(await send()).toMatchObject({ outcome: 'accepted', messageId: expect.stringMatching(/^[\w-]{36}$/) });
  });

  it('takes the provider’s id', async () => {
    answer = json(200, { id: 'abc-1' });
    expect(await send({ messageId: idOf })).toEqual({ outcome: 'accepted', messageId: 'abc-1' });
  });

  it.each([
    ['nothing', ''],
    ['garbage', '<html>captive portal</html>'],
    ['half of JSON', '{"id":"abc'],
    ['another shape', '{"messages":[]}'],
    ['an id of another type', '{"id":7}'],
    ['an id that breaks lines', '{"id":"a\\nb"}'],
    ['an endless id', `{"id":"${'x'.repeat(300)}"}`],
  ])('a 200 with %s where an id is expected has an unknown outcome', async (_case, body) => {
    answer = (response) => response.writeHead(200).end(body);
    expect(await send({ messageId: idOf })).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it.each([
    [302, 'configuration'],
    [307, 'configuration'],
    [400, 'configuration'],
    [401, 'configuration'],
    [402, 'quota'],
    [403, 'configuration'],
    [404, 'configuration'],
    [408, 'transient'],
    [409, 'unknown-outcome'],
    [422, 'configuration'],
    [425, 'transient'],
    [429, 'transient'],
    [500, 'unknown-outcome'],
    [501, 'configuration'],
    [502, 'unknown-outcome'],
    [503, 'unknown-outcome'],
    [504, 'unknown-outcome'],
  ])('%i means %s', async (status, reason) => {
    answer = (response, body) => response.writeHead(status, { location: `${base}/elsewhere` }).end(body);
    expect(await send()).toEqual({ outcome: 'failed', reason, detail: `HTTP ${status}` });
    expect(seen).toHaveLength(1);
  });

  it('classify explains what the status does not', async () => {
    const classify: HttpsTransportOptions['classify'] = ({ status, body }) =>
      status === 200 && JSON.stringify(body).includes('barred') ? 'opted-out' : undefined;
    answer = json(200, { status: 'barred' });
    expect(await send({ classify })).toEqual({ outcome: 'failed', reason: 'opted-out', detail: 'HTTP 200' });
    answer = json(200, { status: 'ok' });
    expect(await send({ classify })).toMatchObject({ outcome: 'accepted' });
    answer = json(429, {});
    expect(await send({ classify })).toMatchObject({ reason: 'transient' });
  });

  it('A6 a reader that throws is an unknown outcome without its words', async () => {
    answer = (response, body) => response.writeHead(200).end(body);
    const throwing = () => {
      throw new Error(message.text);
    };
    for (const options of [{ classify: throwing }, { messageId: throwing }]) {
      const result = await send(options);
      expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
      expect(JSON.stringify(result)).not.toContain('918273');
    }
  });

  it('reads no more than 64 KiB of an endless answer', async () => {
    answer = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) {
          // until the socket is full
        }
      };
      response.on('drain', more);
      more();
    };
    let length = 0;
    const result = await send({
      classify: ({ body }) => {
        length = String(body).length;
        return undefined;
      },
    });
    expect(result.outcome).toBe('accepted');
    expect(length).toBe(65_536);
  });
});

describe('L1 when there is no answer', () => {
  it('L1 a server that never answers: unknown, after the timeout', async () => {
    answer = () => undefined;
    expect(await send({ timeoutSeconds: 0.02 })).toEqual({
      outcome: 'failed',
      reason: 'unknown-outcome',
      detail: 'no answer in time',
    });
  });

  it('L1 a body that never ends: unknown, after the timeout', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': 100 }).write('{"id":');
    expect(await send({ timeoutSeconds: 0.05 })).toMatchObject({ reason: 'unknown-outcome' });
  });

  it('the caller stops while it waits: unknown, and the connection is closed', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    answer = (response) => {
      closed = once(response, 'close');
      controller.abort();
    };
    const result = await transportTo().send(message, { signal: controller.signal });
    expect(result).toEqual({ outcome: 'failed', reason: 'unknown-outcome', detail: 'stopped by the caller' });
    await closed;
  });

  it('the caller has stopped before: definite, and nothing was sent', async () => {
    const result = await transportTo().send(message, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ outcome: 'failed', reason: 'transient' });
    expect(seen).toHaveLength(0);
  });

  it.each([200, 400])('half an answer of status %i: unknown', async (status) => {
    answer = (response) => {
      response.writeHead(status, { 'content-length': 100 }).write('{"id":');
      response.socket?.end();
    };
    expect(await send()).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it('the connection breaks after the request: unknown', async () => {
    answer = (response) => response.socket?.resetAndDestroy();
    expect(await send()).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it('something that is not HTTP: unknown', async () => {
    const garbage = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('SSH-2.0-garbage\r\n\r\n'));
    }).listen(0, '127.0.0.1');
    await once(garbage, 'listening');
    const result = await send({ url: `http://127.0.0.1:${portOf(garbage.address())}/` });
    garbage.close();
    expect(result).toMatchObject({ outcome: 'failed', reason: 'unknown-outcome' });
  });

  it('a refused connection: definite', async () => {
    const port = portOf(server.address());
    server.close();
    await once(server, 'close');
    const result = await send({ url: `http://127.0.0.1:${port}/?key=s3cret` });
    expect(result).toEqual({ outcome: 'failed', reason: 'transient', detail: 'no connection (ECONNREFUSED)' });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  it('headers() or body() that fail: definite, nothing was sent, and their words stay out', async () => {
    const throwing = () => {
      throw new Error(`${message.text} s3cret`);
    };
    const results = [
      await send({ headers: throwing }),
      await send({ headers: () => new Promise(() => undefined), timeoutSeconds: 0.02 }),
      await send({ headers: () => ({ authorization: 'a\nb' }) }),
      await send({ body: throwing }),
      await send({ body: () => ({ big: 1n }) }),
    ];
    expect(results.map((result) => ('reason' in result ? result.reason : result.outcome))).toEqual([
      'transient',
      'transient',
      'transient',
      'configuration',
      'configuration',
    ]);
    expect(JSON.stringify(results)).not.toMatch(/918273|s3cret/);
    expect(seen).toHaveLength(0);
  });
});

describe('options', () => {
  it.each([
    ['url', { url: 'http://sms.example.com/?key=s3cret' }],
    ['url', { url: 'http://127.0.0.1.example.com/?key=s3cret' }],
    ['url', { url: 'http://localhost.example.com/?key=s3cret' }],
    ['url', { url: 'https://user:s3cret@sms.example.com/' }],
    ['url', { url: 'ftp://sms.example.com/s3cret' }],
    ['url', { url: '/s3cret' }],
    ['name', { name: 'Acme s3cret' }],
    ['headers', { headers: { authorization: 's3cret\nx: y' } }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: Number.NaN }],
    ['timeoutSeconds', { timeoutSeconds: 61 }],
    ['channels', { channels: [] }],
  ])('a wrong %s is named with its mend and without its value: %j', (option, wrong) => {
    const make = () => httpsTransport({ url: 'https://sms.example.com/', body: () => '', ...wrong });
    expect(make).toThrow(new RegExp(`^httpsTransport: option ${option} must `));
    expect(make).not.toThrow('s3cret');
  });

  it('accepts https, and http on loopback', () => {
    for (const url of ['https://sms.example.com/', 'http://localhost:1/', 'http://127.0.0.1:1/', 'http://[::1]:1/']) {
      expect(httpsTransport({ url, body: () => '' }).name).toBe('https');
    }
  });
});

describe('the transport contract', () => {
  const cases = transportContract({
    accepting: () => {
      let count = 0;
      answer = (response) => json(200, { id: `id-${count++}` })(response);
      return transportTo({ messageId: idOf });
    },
    refusing: () => {
      answer = (response, body) => response.writeHead(400).end(body);
      return transportTo();
    },
    silent: () => {
      answer = () => undefined;
      return transportTo();
    },
  });
  it.each(cases)('$name', async ({ run }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

function idOf(body: unknown): string | undefined {
  return typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string' ? body.id : undefined;
}
