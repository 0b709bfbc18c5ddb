import { Controller, Delete, Get, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiProperty,
  ApiUnauthorizedResponse,
  DocumentBuilder,
  type OpenAPIObject,
  SwaggerModule,
} from '@nestjs/swagger';
import { describeOtp, OtpThrottle, RequireOtp, SkipOtp } from 'nestjs-sms-otp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { answerSchema, type ApiDocument, operationOf, readDocument } from '../support/openapi.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

class AppError {
  @ApiProperty({ type: String })
  reason = '';
}

const phoneNumber = () => NUMBER;
const QUOTES = [{ name: 'quotes', limit: 3, windowSeconds: 60 }];

@Controller()
class HandlersController {
  @Post('both') @RequireOtp('second', { phoneNumber }) both() {}
  @Post('inline') @RequireOtp('second', { mode: 'inline', phoneNumber }) inline() {}
  @Post('proof') @RequireOtp('login', { mode: 'proof' }) proof() {}
  @Post('cookie') @RequireOtp('login', { mode: 'proof', cookie: '__Host-step+up' }) cookie() {}
  @Post('bound')
  @RequireOtp('payout', {
    mode: 'proof',
    phoneNumber,
    binding: () => ({ amount: 'secret text', payee: 'secret text' }),
  })
  bound() {}
  @Post('quote') @OtpThrottle(QUOTES) quote() {}
  @Post('all')
  @OtpThrottle(QUOTES)
  @RequireOtp('login', { mode: 'proof', maxAgeSeconds: 60, audience: 'shop' })
  all() {}
  @Post('two') @ApiBearerAuth() @ApiCookieAuth('session') @RequireOtp('second', { phoneNumber }) two() {}
  @Get('open') @ApiOkResponse({ type: AppError }) open() {}

  @Post('own')
  @ApiCreatedResponse()
  @ApiUnauthorizedResponse({ type: AppError, description: 'Not signed in' })
  @RequireOtp('login', { mode: 'proof' })
  own() {}
}

@RequireOtp('second', { phoneNumber, mode: 'proof', maxAgeSeconds: 120 })
@ApiBearerAuth()
@Controller('class')
class GuardedController {
  @Post('plain') plain() {}
  @Get('skipped') @SkipOtp() skipped() {}
  @Post('merged') @RequireOtp('second', { singleUse: true }) merged() {}
  @Post('other') @RequireOtp('login') other() {}
  @Post('quote') @OtpThrottle(QUOTES) @SkipOtp() quote() {}
}

@Controller('child')
class ChildController extends GuardedController {
  @Delete('own') remove() {}
}

@OtpThrottle(QUOTES)
@Controller('slow')
class SlowController {
  @Get() list() {}
}

const config = () => new DocumentBuilder().setTitle('Acme').addBearerAuth().addCookieAuth('sid', undefined, 'session');

const BOTH = ['400', '401', '403', '410', '422', '429', '503'];

describe.each(ADAPTERS)('the description of guarded routes, on %s', (adapter) => {
  let otp: OtpApp;
  let plain: OpenAPIObject;
  let document: ApiDocument;

  beforeAll(async () => {
    otp = await startOtpApp({
      adapter,
      purposes: {
        login: { start: 'public', audience: 'shop' },
        second: {},
        payout: { binding: z.object({ amount: z.string(), payee: z.string() }) },
      },
      metadata: { controllers: [HandlersController, GuardedController, ChildController, SlowController] },
      configure: (app) => app.setGlobalPrefix('api'),
    });
    plain = SwaggerModule.createDocument(otp.app, config().build());
    document = readDocument(describeOtp(plain));
  });
  afterAll(() => otp.close());

  const operation = (name: string) => operationOf(document, name.replace(' /', ' /api/'));
  const statuses = (name: string) => Object.keys(operation(name).responses);
  const PROOF = { 'otp-proof': [] };
  const CODE = { 'otp-challenge': [], 'otp-code': [] };

  it('tells all that a guard can answer, beside the answer of the handler', () => {
    expect(statuses('POST /both')).toEqual(['201', ...BOTH]);
    expect(statuses('POST /inline')).toEqual(['201', ...BOTH]);
    expect(statuses('POST /proof')).toEqual(['201', '401', '503']);
    expect(statuses('POST /bound')).toEqual(['201', '400', '401', '503']);
    expect(statuses('POST /quote')).toEqual(['201', '429', '503']);
    expect(statuses('GET /slow')).toEqual(['200', '429', '503']);
    expect(operation('POST /both').responses).toMatchObject({
      401: {
        description: '`otp_required`: A code is needed. `insufficient_proof`: The proof is not sufficient.',
        headers: { 'WWW-Authenticate': {} },
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/OtpProblem' } } },
      },
      429: { description: '`throttled`: Too many requests.', headers: { 'Retry-After': {} } },
      503: { headers: { 'Retry-After': {} } },
    });
    expect(operation('POST /quote').responses['429']).toMatchObject({ headers: { 'Retry-After': {} } });
  });

  it('says each code once where several decorators can give it', () => {
    expect(operation('POST /all').responses['503']).toMatchObject({
      description: expect.not.stringMatching(/(`\w+`).*\1/),
    });
    expect(statuses('POST /all')).toEqual(['201', '401', '429', '503']);
  });

  it('names the headers of each mode as security schemes', () => {
    expect(operation('POST /proof').security).toEqual([PROOF]);
    expect(operation('POST /inline').security).toEqual([CODE]);
    expect(operation('POST /both').security).toEqual([PROOF, CODE]);
    expect(document.components.securitySchemes).toMatchObject({
      'otp-proof': { type: 'apiKey', in: 'header', name: 'OTP-Proof' },
      'otp-challenge': { type: 'apiKey', in: 'header', name: 'OTP-Challenge' },
      'otp-code': { type: 'apiKey', in: 'header', name: 'OTP-Code' },
    });
  });

  it('names the cookie that may carry a proof', () => {
    const [header, cookie] = operation('POST /cookie').security ?? [];
    expect(header).toEqual(PROOF);
    const [scheme = ''] = Object.keys(cookie ?? {});
    expect(document.components.securitySchemes[scheme]).toMatchObject({ in: 'cookie', name: '__Host-step+up' });
  });

  it('asks for a code in addition to what is asked for already, and never instead', () => {
    expect(operation('POST /two').security).toEqual([
      { session: [], ...PROOF },
      { session: [], ...CODE },
      { bearer: [], ...PROOF },
      { bearer: [], ...CODE },
    ]);
    expect(operation('POST /class/plain').security).toEqual([{ bearer: [], ...PROOF }]);
  });

  it('asks for it in addition to what the whole document asks for', () => {
    const strict = config().addSecurityRequirements('bearer').build();
    const described = readDocument(describeOtp(SwaggerModule.createDocument(otp.app, strict)));
    expect(operationOf(described, 'POST /api/proof').security).toEqual([{ bearer: [], ...PROOF }]);
    expect(operationOf(described, 'GET /api/open').security).toBeUndefined();
    expect(described.security).toEqual([{ bearer: [] }]);
  });

  it('asks alone where the operation lifts what the whole document asks for', () => {
    const strict = config().addSecurityRequirements('bearer').build();
    const lifted = SwaggerModule.createDocument(otp.app, strict);
    Object.assign(lifted.paths['/api/proof']?.post ?? {}, { security: [] });
    expect(operationOf(readDocument(describeOtp(lifted)), 'POST /api/proof').security).toEqual([PROOF]);
  });

  it('follows the rules of the guard for a class and its handlers', () => {
    expect(operation('POST /class/plain')['x-otp']).toMatchObject({
      purpose: 'second',
      mode: 'proof',
      maxAgeSeconds: 120,
    });
    expect(operation('POST /class/merged')['x-otp']).toEqual({
      purpose: 'second',
      mode: 'proof',
      bound: false,
      singleUse: true,
      maxAgeSeconds: 120,
    });
    expect(operation('POST /class/other')['x-otp']).toMatchObject({ purpose: 'login', mode: 'both' });
    expect(operation('POST /class/other')['x-otp']).not.toHaveProperty('maxAgeSeconds');
    expect(operation('GET /class/skipped')).not.toHaveProperty('x-otp');
    expect(statuses('GET /class/skipped')).toEqual(['200']);
    expect(operation('GET /class/skipped').security).toEqual([{ bearer: [] }]);
    expect(statuses('POST /class/quote')).toEqual(['201', '429', '503']);
  });

  it('follows the guard into classes that inherit it', () => {
    expect(operation('DELETE /child/own')['x-otp']).toMatchObject({ purpose: 'second', mode: 'proof' });
    expect(operation('POST /child/plain').security).toEqual([{ bearer: [], ...PROOF }]);
    expect(operation('GET /child/skipped')).not.toHaveProperty('x-otp');
  });

  it('tells the purpose and its rules, and nothing that a function holds', () => {
    expect(operation('POST /all')['x-otp']).toEqual({
      purpose: 'login',
      mode: 'proof',
      bound: false,
      singleUse: false,
      maxAgeSeconds: 60,
      audience: 'shop',
    });
    expect(operation('POST /bound')['x-otp']).toMatchObject({ purpose: 'payout', bound: true, singleUse: true });
    const text = JSON.stringify(document);
    expect(text).not.toContain('secret text');
    expect(text).not.toContain(NUMBER);
  });

  it('keeps what the application says of the same status', () => {
    const { content } = z.looseObject({ content: z.unknown() }).parse(operation('POST /own').responses['401']);
    expect(content).toEqual({
      'application/json': { schema: { $ref: '#/components/schemas/AppError' } },
      'application/problem+json': { schema: { $ref: '#/components/schemas/OtpProblem' } },
    });
    expect(operation('POST /own').responses['401']).toMatchObject({
      description: expect.stringMatching(/^Not signed in\n\n`otp_required`/),
    });
    expect(document.components.schemas).toHaveProperty('AppError');
  });

  it('leaves what is not guarded as it is', () => {
    expect({ parameters: [], ...plain.paths['/api/open']?.get }).toEqual(operation('GET /open'));
  });

  it('leaves the given document as it is, and a described one too', () => {
    const before = JSON.stringify(plain);
    const described = describeOtp(plain);
    expect(JSON.stringify(plain)).toBe(before);
    expect(describeOtp(described)).toEqual(described);
    expect(JSON.stringify(described)).not.toMatch(/x-otp-/);
  });

  it('is true of what a guarded route answers', async () => {
    const client = new OtpHttpClient(otp);
    const answers: number[] = [];
    const call = async (path: string, headers = {}) => {
      const answer = await client.call({ method: 'POST', path: `/api${path}`, headers });
      const type = answer.headers['content-type']?.split(';')[0] ?? '';
      const schema = answerSchema(document, operation(`POST ${path}`), { status: answer.status, type });
      answers.push(answer.status);
      if (answer.status >= 400) {
        expect(schema?.safeParse(answer.body), answer.text).toMatchObject({ success: true });
      }
      return answer;
    };
    const { body } = await call('/both');
    const { challengeId } = z.object({ challengeId: z.string() }).parse(body['challenge']);
    const code = otp.codeTo(NUMBER);
    await call('/both', { 'OTP-Challenge': challengeId });
    await call('/both', { 'OTP-Challenge': 'none', 'OTP-Code': code });
    await call('/both', { 'OTP-Challenge': challengeId, 'OTP-Code': wrongCode(code) });
    await call('/both', { 'OTP-Challenge': challengeId, 'OTP-Code': code });
    await call('/both');
    await call('/inline');
    await call('/proof', { 'OTP-Proof': 'forged' });
    await call('/quote');
    await call('/quote');
    await call('/quote');
    await call('/quote');
    expect(answers).toEqual([401, 400, 410, 422, 201, 401, 429, 401, 201, 201, 201, 429]);
  });
});
