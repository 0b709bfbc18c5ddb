import {
  Controller,
  type ControllerOptions,
  type INestApplication,
  Param,
  Post,
  type Type,
  UseGuards,
  VERSION_NEUTRAL,
  VersioningType,
} from '@nestjs/common';
import { OtpProof, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard } from '../support/guarded-app.js';
import { callHttp, type HttpAnswer, NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

type Versioning = NonNullable<Parameters<INestApplication['enableVersioning']>[0]>;

interface Scheme {
  readonly options: Versioning;
  /** How a client names the version. */
  readonly path: (version: string) => string;
  readonly headers: (version: string) => Record<string, string>;
}

const none = () => ({});
const unversioned = () => '/api';

const SCHEMES: readonly (readonly [string, Scheme])[] = [
  ['the URI', { options: { type: VersioningType.URI }, path: (version) => `/api/v${version}`, headers: none }],
  [
    'a header',
    {
      options: { type: VersioningType.HEADER, header: 'X-Api-Version' },
      path: unversioned,
      headers: (version) => ({ 'X-Api-Version': version }),
    },
  ],
  [
    'the media type',
    {
      options: { type: VersioningType.MEDIA_TYPE, key: 'v=' },
      path: unversioned,
      headers: (version) => ({ Accept: `application/json;v=${version}` }),
    },
  ],
  [
    'an own extractor',
    {
      options: {
        type: VersioningType.CUSTOM,
        extractor: (request) => String(Reflect.get(Object(Reflect.get(Object(request), 'headers')), 'x-own') ?? ''),
      },
      path: unversioned,
      headers: (version) => ({ 'X-Own': version }),
    },
  ],
];

/** Two versions of one controller have one name more often than not. */
function payouts(options: ControllerOptions): Type {
  @UseGuards(AccountGuard)
  @Controller({ path: 'payouts', ...options })
  class PayoutsController {
    @Post(':id')
    @RequireOtp('payout', { binding: false })
    pay(@Param('id') id: string, @OtpProof() { subject }: VerifiedOtp) {
      return { id, subject };
    }
  }
  return PayoutsController;
}

describe.each(ADAPTERS)('versions and hosts, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async (controllers: Type[], versioning?: Versioning) => {
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, payout: {} },
      caller: AccountCaller,
      metadata: { controllers, providers: [AccountCaller, AccountGuard] },
      configure: (app) => {
        app.setGlobalPrefix('api');
        if (versioning !== undefined) {
          app.enableVersioning(versioning);
        }
      },
    });
  };

  const pay = (path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> =>
    callHttp(otp.url, { method: 'POST', path, headers: { 'X-Account': 'victim', ...headers } });

  const answerTo = (asked: HttpAnswer) => codeHeaders({ challengeId: challengeIdOf(asked), code: otp.codeTo(NUMBER) });

  describe.each(SCHEMES)('by %s', (_name, { options, path, headers }) => {
    const payIn = (version: string, more: Record<string, string> = {}) =>
      pay(`${path(version)}/payouts/7`, { ...headers(version), ...more });

    it('each version has its code', async () => {
      await start([payouts({ version: '1' }), payouts({ version: '2' })], options);
      for (const version of ['1', '2']) {
        expect(await payIn(version, answerTo(await payIn(version)))).toMatchObject({
          status: 201,
          body: { id: '7', subject: 'user-victim' },
        });
        otp.clock.advanceSeconds(30);
      }
    });

    it('case 19 a code for one version is wrong in the other, and so is the proof that it earns', async () => {
      await start([payouts({ version: '1' }), payouts({ version: '2' })], options);
      const asked = await payIn('1');
      expectProblem(await payIn('2', answerTo(asked)), 422, 'incorrect_code');
      const verify = `/api/otp/challenges/${challengeIdOf(asked)}/verify`;
      const verified = await callHttp(otp.url, { method: 'POST', path: verify, body: { code: otp.codeTo(NUMBER) } });
      const proof = { 'OTP-Proof': textMember(verified, 'proof') };
      otp.clock.advanceSeconds(30);
      expectProblem(await payIn('2', proof), 401, 'insufficient_proof');
      expect((await payIn('1', proof)).status).toBe(201);
    });

    it('one handler of several versions is one action, but for each path of its own', async () => {
      await start([payouts({ version: ['1', '2', VERSION_NEUTRAL] })], options);
      const answer = await payIn('2', answerTo(await payIn('1')));
      expect(answer.status).toBe(options.type === VersioningType.URI ? 422 : 201);
    });

    it('the built-in routes are neutral', async () => {
      await start([payouts({ version: '1' })], options);
      const client = new OtpHttpClient(otp, headers('2'));
      const created = await client.call({ method: 'POST', path: '/api/otp/challenges', body: { phoneNumber: NUMBER } });
      expect(created.status).toBe(201);
      const status = { path: `/api/otp/challenges/${textMember(created, 'challengeId')}` };
      expect((await client.call(status)).status).toBe(200);
      expect((await callHttp(otp.url, status)).status).toBe(200);
    });
  });

  it('case 19, case 22 a code for one host is wrong at another', async () => {
    await start([payouts({ host: ':tenant.example.com' })]);
    const payAt = (host: string, more: Record<string, string> = {}) => pay('/api/payouts/7', { Host: host, ...more });
    const answer = answerTo(await payAt('one.example.com'));
    expectProblem(await payAt('two.example.com', answer), 422, 'incorrect_code');
    expect((await payAt('one.example.com', answer)).status).toBe(201);
    expect((await payAt('example.org')).status).toBe(404);
  });
});
