import { once } from 'node:events';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  type NestApplicationOptions,
  type NestInterceptor,
  Post,
  Req,
  SetMetadata,
  VersioningType,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, NestFactory, Reflector } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeOtp, hmacSha256, memoryStore, OtpModule } from 'nestjs-sms-otp';
import type { FastifyInstance } from 'fastify';
import { map, type Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReceiptReader } from '../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, NUMBER, OtpHttpClient } from '../support/http.js';
import { ADAPTERS, type OtpAppOptions, TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';
import {
  BODIES,
  PUBLIC_URL,
  queryReceipts,
  RECEIPT_PATH,
  type ReportingApp,
  ReportingTransport,
  sign,
  signedCall,
  signedReceipts,
  startReportingApp,
  TOKEN,
  urlSignedReceipts,
} from '../support/receipts.js';

const DELIVERED = [{ messageId: 'acme-1', state: 'delivered' }];
const PUBLIC = 'public';

@Injectable()
class ClosedByDefault implements CanActivate {
  private readonly reflector = new Reflector();

  canActivate(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]) ?? false;
  }
}

@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

const NEIGHBOURS = ['otp/webhooks', 'otp/webhooks/other', 'otp/webhooks/acme/x/y', 'xotp/webhooks/acme', 'x'];

@Controller('files')
class FilesController {
  @Post(NEIGHBOURS)
  write(@Req() { body }: { readonly body: unknown }): unknown {
    return { body };
  }
}

async function statusOf(request: ClientRequest): Promise<number | undefined> {
  const [response] = await once(request, 'response');
  const { statusCode } = (response as IncomingMessage).resume();
  return statusCode;
}

describe.each(ADAPTERS)('the address of receipts, on %s', (adapter) => {
  let otp: ReportingApp;

  const start = async (options: OtpAppOptions & { readonly reader?: ReceiptReader } = {}) => {
    otp = await startReportingApp({ adapter, ...options });
    return new OtpHttpClient(otp).start();
  };
  const deliveryOf = async (challengeId: string, prefix = '') =>
    (await callHttp(otp.url, { path: `${prefix}/otp/challenges/${challengeId}` })).body['delivery'];

  afterEach(() => otp.close());

  describe('gets the bytes as they came', () => {
    it.each([
      ['with Nest’s parsers', () => undefined],
      ['with a parser of the application’s own', (app: INestApplication) => parseAll(app)],
    ])('M1 case 78 %s', async (_title, configure) => {
      const { challengeId } = await start({ configure });
      for (const type of Object.keys(BODIES)) {
        for (const chunked of [false, true]) {
          const { status } = await otp.report(DELIVERED, { type, chunked });
          expect([type, chunked, status]).toEqual([type, chunked, 200]);
        }
      }
      expect(await deliveryOf(challengeId)).toBe('delivered');
    });

    it.each([{}, { rawBody: true }, { bodyParser: false }])(
      'M1 case 78 as applications start, with %j',
      async (settings) => {
        otp = await startReportingApp({ adapter });
        const { url, close } = await startAsApplicationsDo(newAdapter(), settings);
        for (const type of Object.keys(BODIES)) {
          const call = signedCall(DELIVERED, { now: Date.now(), type });
          expect([type, (await callHttp(url, call)).status]).toEqual([type, 200]);
        }
        await close();
      },
    );

    /** Reads bodies of every media type that are shorter than a receipt. */
    function parseAll(app: INestApplication): void {
      const httpAdapter: unknown = app.getHttpAdapter();
      if (httpAdapter instanceof ExpressAdapter) {
        httpAdapter.useBodyParser('json', false, { type: () => true, limit: 40 });
      } else if (httpAdapter instanceof FastifyAdapter) {
        httpAdapter.useBodyParser('*', false, { bodyLimit: 1 });
      }
    }

    it('M1 of a client that asks first whether it may send', async () => {
      await start();
      const { headers, body, path } = signedCall(DELIVERED, { now: otp.clock.now() });
      const { hostname, port } = new URL(otp.url);
      const length = Buffer.byteLength(String(body));
      const request = httpRequest({
        hostname,
        port,
        path,
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': length, expect: '100-continue' },
      });
      request.flushHeaders();
      await once(request, 'continue');
      request.end(body);
      expect(await statusOf(request)).toBe(200);
    });

    it('M1 in any number of pieces', async () => {
      await start();
      const { headers, body, path } = signedCall(DELIVERED, { now: otp.clock.now() });
      const { hostname, port } = new URL(otp.url);
      const request = httpRequest({ hostname, port, path, method: 'POST', agent: false, headers });
      for (const byte of Buffer.from(String(body))) {
        request.write(Buffer.of(byte));
      }
      request.end();
      expect(await statusOf(request)).toBe(200);
    });
  });

  it('M1 leaves all other bodies alone', async () => {
    await start({ metadata: { controllers: [FilesController] } });
    const body = { phoneNumber: NUMBER };
    for (const path of [...NEIGHBOURS, 'x?next=/otp/webhooks/acme', 'x#/otp/webhooks/acme', 'x#?/otp/webhooks/acme']) {
      const answer = await callHttp(otp.url, { method: 'POST', path: `/files/${path}`, body });
      expect(answer.body['body'], path).toEqual(body);
    }
  });

  it('M1 a body that nobody reads keeps its length, so that no proxy makes a second request of it', async () => {
    let headers: IncomingHttpHeaders = {};
    await start({
      configure: (app) => {
        const seen = ({ headers: given }: IncomingMessage) => void (headers = { ...given });
        if (adapter === 'express') {
          app.use('/legacy', (request: IncomingMessage, _response: unknown, next: () => void) => {
            seen(request);
            next();
          });
        } else {
          const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
          fastify.addHook('preHandler', async ({ raw }) => seen(raw));
        }
      },
    });
    for (const method of ['GET', 'DELETE', 'OPTIONS']) {
      for (const path of ['/legacy/otp/webhooks/acme', '/legacy#/otp/webhooks/acme']) {
        await callHttp(otp.url, { method, path, body: 'GET /internal HTTP/1.1\r\n\r\n' });
        expect([method, path, headers['content-length']]).toEqual([method, path, '26']);
      }
    }
  });

  it.each([
    ['a global prefix', (app: INestApplication) => app.setGlobalPrefix('api/v1'), '/api/v1'],
    ['versioning', (app: INestApplication) => app.enableVersioning({ type: VersioningType.URI }), ''],
  ])('M1 with %s', async (_title, configure, prefix) => {
    otp = await startReportingApp({
      adapter,
      configure,
      reader: urlSignedReceipts(),
      publicUrl: `${PUBLIC_URL}${prefix}/`,
    });
    const created = await callHttp(otp.url, {
      method: 'POST',
      path: `${prefix}/otp/challenges`,
      body: { phoneNumber: NUMBER },
    });
    const url = `${PUBLIC_URL}${prefix}${RECEIPT_PATH}?a=1&b=%20+`;
    const path = `${prefix}${RECEIPT_PATH}?a=1&b=%20+`;
    const answer = await otp.report(DELIVERED, { path, headers: { 'acme-signature': sign(url) } });
    expect(answer.status).toBe(200);
    expect(await deliveryOf(String(created.body['challengeId']), prefix)).toBe('delivered');
  });

  it('M1 at a path of the application’s choice', async () => {
    otp = await startReportingApp({ adapter, routes: { path: '/auth/sms.v2/' }, reader: urlSignedReceipts() });
    const path = '/auth/sms.v2/webhooks/acme';
    const signed = { 'acme-signature': sign(`${PUBLIC_URL}${path}`) };
    expect((await otp.report(DELIVERED, { path, headers: signed })).status).toBe(200);
    expect((await otp.report(DELIVERED, { path: '/auth/smsxv2/webhooks/acme', headers: signed })).status).toBe(404);
  });

  it('M1 case 76 the address that is signed is never the request’s own word', async () => {
    await start({ reader: urlSignedReceipts(), trustedProxies: ['loopback'] });
    const evil = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const forged = sign(`http://evil.example${RECEIPT_PATH}`);
    expectProblem(await otp.report(DELIVERED, { headers: { ...evil, 'acme-signature': forged } }), 403, 'forbidden');
    const right = { ...evil, 'acme-signature': sign(`${PUBLIC_URL}${RECEIPT_PATH}`) };
    expect((await otp.report(DELIVERED, { headers: right })).status).toBe(200);
  });

  it('M1 behind a guard for everything, where the routes are marked', async () => {
    await start({
      routes: { decorators: [SetMetadata(PUBLIC, true)] },
      metadata: { providers: [{ provide: APP_GUARD, useClass: ClosedByDefault }] },
    });
    expect((await otp.report(DELIVERED)).status).toBe(200);
  });

  it('M1 the answer stays the provider’s, whatever the application does to answers', async () => {
    otp = await startReportingApp({
      adapter,
      metadata: { providers: [{ provide: APP_INTERCEPTOR, useClass: Wrapping }] },
    });
    const { text, headers } = await otp.report(DELIVERED);
    expect([text, headers['content-type']]).toEqual(['<Response/>', 'text/xml']);
  });

  it.each([
    [{ status: 204 }, '', undefined],
    [{ status: 200 }, '', undefined],
    [{ status: 200, contentType: 'text/plain', body: 'OK ✓' }, 'OK ✓', 'text/plain'],
    [{ status: 200, contentType: 'application/json', body: '{"a": 1}' }, '{"a": 1}', 'application/json'],
  ] as const)('M1 answers %j byte for byte', async (wanted, text, type) => {
    await start({ reader: signedReceipts({ answer: wanted }) });
    const answer = await otp.report(DELIVERED);
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([wanted.status, text, type]);
  });

  it('M1 a server’s call is no page’s: origin and cookies are not asked', async () => {
    await start();
    const headers = { origin: 'https://provider.example', 'sec-fetch-site': 'cross-site', cookie: 'a=b' };
    expect((await otp.report(DELIVERED, { headers })).status).toBe(200);
  });

  describe('refuses', () => {
    const notFound = async (path: string, call = {}) => {
      const { status, text, headers } = await otp.report(DELIVERED, { path, ...call });
      expect([path, status, headers['cache-control'] ?? 'no-store']).toEqual([path, 404, 'no-store']);
      return text.replace(/Cannot (POST|GET) [^"]*/, 'Not Found').replace(/,"error":"Not Found"/, '');
    };

    it('M1 E3 what is not there, and a wrong secret, with one answer', async () => {
      await start({ reader: signedReceipts({ tokens: [TOKEN, `${TOKEN}x`] }) });
      const wrong = [
        RECEIPT_PATH,
        `${RECEIPT_PATH}/`,
        `${RECEIPT_PATH}/${TOKEN.slice(1)}`,
        `${RECEIPT_PATH}/${TOKEN.toUpperCase()}`,
        `${RECEIPT_PATH}/${TOKEN}%00`,
        `${RECEIPT_PATH}/${'x'.repeat(99)}`,
        `${RECEIPT_PATH}/${TOKEN}/${TOKEN}`,
        `/otp/webhooks/other/${TOKEN}`,
        `/otp/webhooks/ACME/${TOKEN}`,
        `/otp/webhooks/%61cme/${TOKEN}`,
        `/otp/webhooks/__proto__/${TOKEN}`,
        `/otp/webhooks/${TOKEN}`,
      ];
      const answers = new Set<string>();
      for (const path of wrong) {
        answers.add(await notFound(path));
      }
      expect([...answers]).toEqual(['{"message":"Not Found","statusCode":404}']);
      expect((await otp.report(DELIVERED, { path: `${RECEIPT_PATH}/${TOKEN}` })).status).toBe(200);
      expect((await otp.report(DELIVERED, { path: `${RECEIPT_PATH}/${TOKEN}x` })).status).toBe(200);
      expect(new Set(otp.told.flatMap((event) => ('reason' in event ? [event.reason] : [])))).toEqual(
        new Set(['token']),
      );
    });

    it('C1 L2 whoever has not the secret is answered before his body has come', async () => {
      await start({ reader: signedReceipts({ tokens: [TOKEN], maxBodyBytes: 262_144 }) });
      const { hostname, port } = new URL(otp.url);
      for (const path of [RECEIPT_PATH, `${RECEIPT_PATH}/${TOKEN}x`]) {
        const request = httpRequest({
          hostname,
          port,
          path,
          method: 'POST',
          agent: false,
          headers: { 'content-type': 'application/json', 'content-length': 200_000 },
        });
        request.on('error', () => undefined).write('{');
        expect(await statusOf(request)).toBe(404);
        request.destroy();
      }
    });

    it('M1 a secret where none is expected', async () => {
      await start();
      await notFound(`${RECEIPT_PATH}/${TOKEN}`);
      expect(otp.told).toMatchObject([{ reason: 'token', transport: 'acme', clientNetwork: '127.0.0.0/24' }]);
    });

    it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])('M1 %s where a provider only posts', async (method) => {
      await start();
      expect((await otp.report(DELIVERED, { method })).status).toBe(404);
      expect((await otp.report(DELIVERED)).status).toBe(200);
    });

    it.each(['POST', 'HEAD', 'PUT'])('M1 %s where a provider only gets', async (method) => {
      await start({ reader: queryReceipts() });
      expect((await otp.report(DELIVERED, { path: `${RECEIPT_PATH}/${TOKEN}`, method })).status).toBe(404);
    });

    it.each(['application/jsonp', 'multipart/form-data; boundary=x', 'JSON', '', undefined])(
      'M1 the media type %s',
      async (type) => {
        await start();
        const { body } = signedCall(DELIVERED, { now: otp.clock.now() });
        const headers = type === undefined ? {} : { 'content-type': type };
        const answer = await callHttp(otp.url, {
          method: 'POST',
          path: RECEIPT_PATH,
          headers,
          ...(type === undefined ? { headers: { 'content-type': [] } } : {}),
          body,
        });
        expectProblem(answer, 415, 'unsupported_media_type');
        expect(otp.told).toMatchObject([{ type: 'receipt.refused', reason: 'media_type' }]);
      },
    );

    it('M1 a body that must be unpacked', async () => {
      await start();
      const body = gzipSync(JSON.stringify({ receipts: DELIVERED }));
      const headers = { 'content-encoding': 'gzip' };
      expectProblem(await otp.report(DELIVERED, { body, headers }), 415, 'unsupported_media_type');
      expect((await otp.report(DELIVERED, { headers: { 'content-encoding': 'identity' } })).status).toBe(200);
    });

    it.each([
      [undefined, 16_384],
      [1000, 1000],
      [262_144, 262_144],
    ])('C1 with maxBodyBytes %s one byte more than %i', async (maxBodyBytes, most) => {
      const { challengeId } = await start({
        reader: signedReceipts(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
      });
      const empty = JSON.stringify({ receipts: [...DELIVERED, { x: '' }] }).length;
      const padded = (bytes: number) => [...DELIVERED, { x: 'x'.repeat(bytes - empty) }];
      for (const chunked of [false, true]) {
        expectProblem(await otp.report(padded(most + 1), { chunked }), 413, 'payload_too_large');
        expect(await deliveryOf(challengeId)).toBe('sent');
      }
      expect(otp.told).toMatchObject([{ reason: 'size' }, { reason: 'size' }]);
      for (const chunked of [false, true]) {
        expect((await otp.report(padded(most), { chunked })).status).toBe(200);
      }
      expect(await deliveryOf(challengeId)).toBe('delivered');
    });

    it('M1 case 76 a body that ends half way, without waiting for the rest', async () => {
      const { challengeId } = await start();
      const { headers, body, path } = signedCall(DELIVERED, { now: otp.clock.now() });
      const { port } = new URL(otp.url);
      const socket = connect(Number(port), '127.0.0.1');
      const lines = Object.entries({ ...headers, host: 'x', 'content-length': String(body).length + 10 });
      const head = [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${String(value)}`), '', ''];
      await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}${String(body)}`, () => resolve()));
      socket.destroy();
      await expect.poll(() => otp.told).toMatchObject([{ type: 'receipt.refused', reason: 'malformed' }]);
      expect(await deliveryOf(challengeId)).toBe('sent');
    });

    it('M1 C3 addresses that are not listed, as far as proxies are believed', async () => {
      await start({
        reader: signedReceipts({ allowedIps: ['192.0.2.0/28', '2001:db8::7'] }),
        trustedProxies: ['loopback'],
      });
      const from = async (address?: string) =>
        (await otp.report(DELIVERED, address === undefined ? {} : { headers: { 'x-forwarded-for': address } })).status;
      expect(await from()).toBe(403);
      expect(await from('192.0.2.16')).toBe(403);
      expect(await from('192.0.2.1, 198.51.100.1')).toBe(403);
      expect(await from('unknown')).toBe(403);
      expect(await from('2001:db8::8')).toBe(403);
      expect(otp.told.map((event) => 'reason' in event && event.reason)).toEqual(Array(5).fill('address'));
      expect(await from('192.0.2.15')).toBe(200);
      expect(await from('::ffff:192.0.2.1')).toBe(200);
      expect(await from('2001:db8::7')).toBe(200);
    });

    it('M1 C3 what a header says where no proxy is believed', async () => {
      await start({ reader: signedReceipts({ allowedIps: ['192.0.2.0/28'] }) });
      expectProblem(await otp.report(DELIVERED, { headers: { 'x-forwarded-for': '192.0.2.1' } }), 403, 'forbidden');
    });

    it('M1 everything where nobody could have been told the address', async () => {
      otp = await startReportingApp({ adapter, reachable: false });
      expect((await otp.report(DELIVERED)).status).toBe(404);
      await otp.close();
      otp = await startReportingApp({ adapter, routes: false });
      expect((await otp.report(DELIVERED)).status).toBe(404);
    });
  });

  it('I2 bodies that something else has read are 503, and nothing is believed', async () => {
    otp = await startReportingApp({ adapter });
    const greedy = newAdapter();
    if (greedy instanceof FastifyAdapter) {
      greedy.getInstance().addHook('onRequest', async ({ raw }) => void (await buffer(raw)));
    } else {
      greedy.use((request: IncomingMessage, _response: unknown, next: () => void) =>
        request.once('end', next).resume(),
      );
    }
    const { url, close } = await startAsApplicationsDo(greedy);
    const answer = await callHttp(url, signedCall(DELIVERED, { now: Date.now() }));
    expectProblem(answer, 503, 'busy');
    await close();
  });

  const newAdapter = () => (adapter === 'express' ? new ExpressAdapter() : new FastifyAdapter());

  /** By `NestFactory`, where the adapter is there before the module; with the system's clock. */
  async function startAsApplicationsDo(
    httpAdapter: ExpressAdapter | FastifyAdapter,
    settings: NestApplicationOptions = {},
  ): Promise<{ readonly url: string; close(): Promise<void> }> {
    const module = OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [TEST_SECRET],
      indexSecret: TEST_INDEX_SECRET,
      purposes: { login: { start: 'public' } },
      store: memoryStore(),
      transports: [new ReportingTransport(signedReceipts())],
      hashing: hmacSha256(),
      publicUrl: PUBLIC_URL,
    });
    const app = await NestFactory.create(module, httpAdapter, { logger: false, ...settings });
    await app.listen(0, '127.0.0.1');
    return { url: await app.getUrl(), close: () => app.close() };
  }

  it('M1 is in no OpenAPI document', async () => {
    await start();
    const config = new DocumentBuilder().setTitle('Acme').build();
    const { paths } = describeOtp(SwaggerModule.createDocument(otp.app, config));
    expect(Object.keys(paths).filter((path) => path.includes('webhooks'))).toEqual([]);
    expect(Object.keys(paths)).toContain('/otp/challenges');
  });
});
