import { generateKeyPairSync } from 'node:crypto';
import { type INestApplication, VersioningType } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiSecurity, DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeOtp, memoryStore, StoreUnavailableError } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpAnswer, type HttpCall, NUMBER, OtpHttpClient, textMember, wrongCode } from '../support/http.js';
import {
  answerSchema,
  type ApiDocument,
  bodySchema,
  operationOf,
  operationsOf,
  readDocument,
} from '../support/openapi.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';

function documentOf(app: INestApplication, version = '3.0.0'): ApiDocument {
  const config = new DocumentBuilder().setTitle('Acme').setOpenAPIVersion(version).addBearerAuth().build();
  return readDocument(describeOtp(SwaggerModule.createDocument(app, config)));
}

/** Answers of each built-in route, from the HTTP contract. */
const CONTRACT = {
  'POST /api/otp/challenges': ['201', '400', '403', '409', '413', '415', '429', '503'],
  'POST /api/otp/challenges/{id}/resend': ['200', '400', '403', '410', '413', '415', '429', '503'],
  'POST /api/otp/challenges/{id}/verify': ['200', '400', '403', '410', '413', '415', '422', '429', '503'],
  'GET /api/otp/challenges/{id}': ['200', '403', '410', '503'],
  'DELETE /api/otp/challenges/{id}': ['204', '403', '410', '503'],
  'GET /api/otp/.well-known/jwks.json': ['200', '403', '404'],
};

describe.each(ADAPTERS)('the description of the built-in routes, on %s', (adapter) => {
  let otp: OtpApp;
  let document: ApiDocument;
  let lost: boolean;

  const start = async (options: OtpAppOptions = {}) => {
    lost = false;
    const clock = new ManualClock();
    const store = watchStore(memoryStore({ clock }), () => {
      if (lost) {
        throw new StoreUnavailableError('gone');
      }
    });
    otp = await startOtpApp({
      adapter,
      clock,
      store,
      configure: (app) => app.setGlobalPrefix('api'),
      ...options,
    });
    document = documentOf(otp.app);
  };

  beforeEach(() => start());
  afterEach(() => otp.close());

  /** What the server says is in the document: status, content type, body and headers. */
  const expectDescribed = async (
    route: string,
    call: Partial<HttpCall> & { readonly path: string },
  ): Promise<HttpAnswer> => {
    const answer = await new OtpHttpClient(otp).call({ method: route.split(' ')[0] ?? '', ...call });
    const seen = `${route} answered ${answer.status} ${answer.text}`;
    const operation = operationOf(document, route);
    expect(Object.keys(operation.responses), seen).toContain(String(answer.status));
    const type = answer.headers['content-type']?.split(';')[0];
    if (type !== undefined) {
      const schema = answerSchema(document, operation, { status: answer.status, type });
      expect(schema?.safeParse(answer.body), seen).toMatchObject({ success: true });
    }
    const { headers } = Object(operation.responses[answer.status]);
    expect(
      Object.keys(headers ?? {}).includes('Retry-After') || answer.headers['retry-after'] === undefined,
      seen,
    ).toBe(true);
    return answer;
  };

  const CREATE = 'POST /api/otp/challenges';
  const RESEND = 'POST /api/otp/challenges/{id}/resend';
  const VERIFY = 'POST /api/otp/challenges/{id}/verify';
  const STATUS = 'GET /api/otp/challenges/{id}';
  const CANCEL = 'DELETE /api/otp/challenges/{id}';
  const KEYS = 'GET /api/otp/.well-known/jwks.json';
  const create = (body: unknown = { phoneNumber: NUMBER }, headers = {}) =>
    expectDescribed(CREATE, { path: '/api/otp/challenges', body, headers });

  it('names every route of the contract and every answer that it can give', () => {
    const described = operationsOf(document).map(([name, { responses }]) => [name, Object.keys(responses)]);
    expect(Object.fromEntries(described)).toEqual(CONTRACT);
  });

  it('gives each a summary, and problems one schema', () => {
    for (const [name, { summary, responses }] of operationsOf(document)) {
      expect(summary, name).toMatch(/^[A-Z]/);
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) >= 400 && status !== '404') {
          expect(response, `${name} ${status}`).toMatchObject({
            description: expect.stringMatching(/^`\w+`: /),
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/OtpProblem' } } },
          });
        }
      }
    }
  });

  it('tells what headers a route reads and answers', () => {
    const headersOf = (name: string) =>
      operationOf(document, name)
        .parameters.filter((parameter) => parameter.in === 'header')
        .map((parameter) => parameter.name);
    expect(headersOf(CREATE)).toEqual(['Idempotency-Key', 'OTP-Device']);
    expect(headersOf(RESEND)).toEqual(['OTP-Device']);
    expect(headersOf(VERIFY)).toEqual(['OTP-Device']);
    expect(operationOf(document, VERIFY).responses['200']).toHaveProperty('headers.OTP-Device');
    for (const status of ['409', '429', '503']) {
      expect(operationOf(document, CREATE).responses[status]).toHaveProperty('headers.Retry-After');
    }
  });

  it('is true of right requests', async () => {
    const started = await create();
    const path = `/api/otp/challenges/${textMember(started, 'challengeId')}`;
    await expectDescribed(STATUS, { path });
    otp.clock.advanceSeconds(60);
    await expectDescribed(RESEND, { path: `${path}/resend` });
    const body = { code: otp.codeTo(NUMBER), rememberDevice: true };
    const verified = await expectDescribed(VERIFY, { path: `${path}/verify`, body });
    expect(verified.status).toBe(200);
    const other = textMember(await create({ phoneNumber: '+31687654321' }), 'challengeId');
    expect((await expectDescribed(CANCEL, { path: `/api/otp/challenges/${other}` })).status).toBe(204);
  });

  it('is true of refusals', async () => {
    const path = `/api/otp/challenges/${textMember(await create(undefined, { 'Idempotency-Key': 'one' }), 'challengeId')}`;
    const code = wrongCode(otp.codeTo(NUMBER));
    const answers = [
      await create({}),
      await create({ phoneNumber: '+31' }),
      await create({ phoneNumber: NUMBER }),
      await create({ phoneNumber: '+31687654321' }, { 'Idempotency-Key': 'one' }),
      await create(undefined, { Origin: 'https://evil.example' }),
      await create({ phoneNumber: NUMBER, locale: 'x'.repeat(5000) }),
      await create('phoneNumber=1', { 'Content-Type': 'text/plain' }),
      await expectDescribed(VERIFY, { path: `${path}/verify`, body: { code } }),
      await expectDescribed(STATUS, { path: '/api/otp/challenges/unknown' }),
      await expectDescribed(KEYS, { path: '/api/otp/.well-known/jwks.json' }),
    ];
    lost = true;
    answers.push(await create({ phoneNumber: '+31687654321' }), await expectDescribed(CANCEL, { path }));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429, 409, 403, 413, 415, 422, 410, 404, 503, 503]);
  });

  it('is true of public keys', async () => {
    await otp.close();
    const keys = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
      generateKeyPairSync('ed25519').privateKey,
    ];
    await start({ proofs: { keys } });
    const answer = await expectDescribed(KEYS, { path: '/api/otp/.well-known/jwks.json' });
    expect(answer.body['keys']).toHaveLength(2);
  });

  it.each([
    ['a number', { phoneNumber: NUMBER }],
    ['all members', { phoneNumber: NUMBER, country: 'NL', purpose: 'login', locale: 'nl-NL', channel: 'sms' }],
    ['no number', {}],
    ['a number that is none', { phoneNumber: 31612345678 }],
    ['an unknown member', { phoneNumber: NUMBER, code: '1' }],
    ['another channel', { phoneNumber: NUMBER, channel: 'pigeon' }],
    ['no language', { phoneNumber: NUMBER, locale: 'klingon!' }],
    ['a long text', { phoneNumber: '1'.repeat(65) }],
    ['a list', [NUMBER]],
  ])('takes what the server takes: %s', async (_name, body) => {
    const { success } = bodySchema(document, operationOf(document, CREATE)).safeParse(body);
    expect((await create(body)).status).toBe(success ? 201 : 400);
  });

  it('follows the path of the routes and takes no version', async () => {
    await otp.close();
    await start({
      routes: { path: 'codes' },
      configure: (app) => app.setGlobalPrefix('v').enableVersioning({ type: VersioningType.URI, defaultVersion: '7' }),
    });
    expect(operationsOf(document).map(([name]) => name)).toContain('POST /v/codes/challenges/{id}/verify');
  });

  it('is the same for OpenAPI 3.1', () => {
    expect(documentOf(otp.app, '3.1.0')).toEqual({ ...document, openapi: '3.1.0' });
  });

  it('stands beside what the application says of the routes', async () => {
    await otp.close();
    const decorators = [
      ApiHeader({ name: 'X-Tenant' }),
      ApiResponse({ status: 500, description: 'A fault of ours' }),
      ApiResponse({ status: 429, description: 'Too fast for us' }),
      ApiSecurity('bearer'),
    ] as readonly ClassDecorator[];
    await start({ routes: { decorators } });
    const { parameters, responses, security } = operationOf(document, CREATE);
    expect(parameters.map(({ name }) => name)).toEqual(['Idempotency-Key', 'OTP-Device', 'X-Tenant']);
    expect(responses['500']).toEqual({ description: 'A fault of ours' });
    expect(responses['429']).toMatchObject({ description: 'Too fast for us\n\n`throttled`: Too many requests.' });
    expect(security).toEqual([{ bearer: [] }]);
  });
});
