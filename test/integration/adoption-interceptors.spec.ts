import {
  Body,
  type CallHandler,
  Controller,
  type ExecutionContext,
  HttpException,
  Injectable,
  type NestInterceptor,
  Post,
  SetMetadata,
  StandardSchemaValidationPipe,
  type Type,
  UseGuards,
  ValidationPipe,
} from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { OtpException, OtpProof, RequireOtp, toOtpException, type VerifiedOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard } from '../support/guarded-app.js';
import { callHttp, type HttpCall, NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

/** What an application's interceptor met. */
const seen: unknown[] = [];

class PayoutDto {
  declare amount: string;
}

function plainToInstance<T>(type: Type<T>, plain: unknown): T {
  const instance = new type();
  Object.assign(Object(instance), plain);
  return instance;
}

const SCHEMA = z.object({ amount: z.string().trim() });

@UseGuards(AccountGuard)
@Controller('payouts')
class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: ({ body }) => ({ amount: body.amount }) })
  pay(
    @Body({ schema: SCHEMA }) body: unknown,
    @OtpProof() { subject }: VerifiedOtp,
    @VerifiedPhone() phoneNumber: string,
  ) {
    return { body, subject, phoneNumber };
  }

  @Post('own')
  own(): never {
    throw toOtpException({ outcome: 'throttled', retryAfterSeconds: 7 });
  }

  @Post('dto')
  dto(@Body() body: PayoutDto) {
    return body;
  }
}

const RAW = 'raw';
const Raw = () => SetMetadata(RAW, true);

@Injectable()
class EnvelopeInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const isRaw = this.reflector.getAllAndOverride<boolean>(RAW, [context.getHandler(), context.getClass()]);
    return isRaw ? next.handle() : next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

/** Makes every failure of a handler one of its own. */
@Injectable()
class ErrorsInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(catchError((error: unknown) => throwError(() => (seen.push(error), new HttpException('bad', 502)))));
  }
}

describe.each(ADAPTERS)('an application’s interceptors and pipes, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async ({ metadata, ...options }: OtpAppOptions = {}) => {
    seen.length = 0;
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, payout: { binding: z.object({ amount: z.string() }) } },
      caller: AccountCaller,
      metadata: {
        controllers: [PayoutsController],
        providers: [AccountCaller, AccountGuard, ...(metadata?.providers ?? [])],
      },
      ...options,
    });
  };

  const post = (path: string, { headers, ...call }: Omit<HttpCall, 'path'> = {}) =>
    callHttp(otp.url, {
      method: 'POST',
      path,
      body: { amount: '12.00' },
      headers: { 'X-Account': 'victim', ...headers },
      ...call,
    });

  const payAgain = (challengeId: string, body: unknown = { amount: '12.00' }) =>
    post('/payouts', { body, headers: codeHeaders({ challengeId, code: otp.codeTo(NUMBER) }) });

  describe('an envelope', () => {
    const providers = [{ provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor }];

    it('wraps what handlers answer, the built-in routes’ too, and no problem', async () => {
      await start({ metadata: { providers } });
      const asked = await post('/payouts');
      expectProblem(asked, 401, 'otp_required');
      const paid = await payAgain(challengeIdOf(asked));
      expect(paid.body).toEqual({ data: { body: { amount: '12.00' }, subject: 'user-victim', phoneNumber: NUMBER } });
      otp.clock.advanceSeconds(30);
      const created = await post('/otp/challenges', { body: { phoneNumber: NUMBER } });
      expect(created).toMatchObject({ status: 201, body: { data: { purpose: 'login' } } });
      expect(created.headers['cache-control']).toBe('no-store');
      expectProblem(await post('/otp/challenges', { body: { phoneNumber: NUMBER } }), 429, 'throttled');
    });

    it('leaves the built-in routes to the letter where they are marked', async () => {
      await start({ metadata: { providers }, routes: { decorators: [Raw()] } });
      const client = new OtpHttpClient(otp);
      const challengeId = textMember(await client.create(), 'challengeId');
      expect(Object.keys((await client.status(challengeId)).body)).toContain('delivery');
      const verified = await client.verify(challengeId, otp.codeTo(NUMBER));
      expect(Object.keys(verified.body)).toEqual(['proof', 'expiresAt', 'phoneNumber', 'purpose']);
    });

    it('of errors meets what handlers throw, the built-in routes’ too, and nothing of the guard', async () => {
      await start({ metadata: { providers: [{ provide: APP_INTERCEPTOR, useClass: ErrorsInterceptor }] } });
      expectProblem(await post('/payouts'), 401, 'otp_required');
      expect(seen).toEqual([]);
      expect((await post('/payouts/own')).status).toBe(502);
      expect((await post('/otp/challenges', { body: {} })).status).toBe(502);
      expect(seen).toEqual([expect.any(OtpException), expect.any(OtpException)]);
    });
  });

  describe('a global pipe', () => {
    const roundTrip = async () => {
      expect((await post('/otp/challenges', { body: { phoneNumber: '+31687654321' } })).status).toBe(201);
      return payAgain(challengeIdOf(await post('/payouts')));
    };

    it('that validates by Standard Schema changes what handlers get, after the guard has read it', async () => {
      const pipe = new StandardSchemaValidationPipe({ validateCustomDecorators: true });
      await start({ configure: (app) => app.useGlobalPipes(pipe) });
      expect((await roundTrip()).body).toEqual({
        body: { amount: '12.00' },
        subject: 'user-victim',
        phoneNumber: NUMBER,
      });
      otp.clock.advanceSeconds(30);
      const challengeId = challengeIdOf(await post('/payouts', { body: { amount: ' 12.00 ' } }));
      // The pipe would make both the same amount; what is bound is what was sent.
      expectProblem(await payAgain(challengeId), 422, 'incorrect_code');
      expect((await payAgain(challengeId, { amount: ' 12.00 ' })).body).toMatchObject({ body: { amount: '12.00' } });
    });

    it('that validates classes, as strictly as it can, meets nothing of the module', async () => {
      const refused: unknown[] = [];
      const pipe = new ValidationPipe({
        transform: true,
        whitelist: true,
        forbidNonWhitelisted: true,
        forbidUnknownValues: true,
        validateCustomDecorators: true,
        transformOptions: { enableImplicitConversion: true },
        // Stand-ins that refuse whatever reaches them.
        validatorPackage: {
          validate: async (value: object) => {
            refused.push(value.constructor.name);
            return [{ property: 'amount', constraints: { refused: 'refused' } }];
          },
        },
        transformerPackage: { classToPlain: () => ({}), plainToInstance },
      });
      await start({ configure: (app) => app.useGlobalPipes(pipe) });
      expect((await roundTrip()).status).toBe(201);
      expect((await post('/payouts/dto')).status).toBe(400);
      expect(refused).toEqual(['PayoutDto']);
    });
  });
});
