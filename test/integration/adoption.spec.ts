import {
  type ArgumentMetadata,
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  Post,
  SetMetadata,
  VersioningType,
} from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { memoryStore, OtpService, toOtpException } from 'nestjs-sms-otp';
import { map, type Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { callHttp, type HttpCall, NUMBER } from '../support/http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from '../support/otp-app.js';

const PUBLIC = 'public';
const Public = () => SetMetadata(PUBLIC, true);

/** Closes what is not marked, as applications with a global JWT guard do. */
@Injectable()
class ClosingGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    return this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()]) ?? false;
  }
}

/** Rebuilds bodies and refuses what it has no class for, as strict validation pipes do. */
@Injectable()
class StrictPipe implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    return type === 'body' && typeof value === 'object' && value !== null ? structuredClone(value) : value;
  }
}

@Injectable()
class EnvelopeInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

@Controller()
class AppController {
  constructor(private readonly otp: OtpService) {}

  @Get('hello')
  hello() {
    return { hello: 'world' };
  }

  @Post('own')
  async own() {
    const result = await this.otp.issue({ purpose: 'login', phoneNumber: 'nonsense', client: 'none' });
    if (result.outcome !== 'issued') {
      throw toOtpException(result);
    }
    return result.challenge;
  }
}

describe.each(ADAPTERS)('adopted by an application, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(() => otp.close());

  const start = async (options: OtpAppOptions = {}) => {
    const metadata = { controllers: [AppController], ...options.metadata };
    otp = await startOtpApp({ adapter, ...options, metadata });
  };

  const post = (path: string, call: Omit<HttpCall, 'path'> = {}) =>
    callHttp(otp.url, { method: 'POST', path, body: { phoneNumber: NUMBER }, ...call });

  it('a global prefix stands before the built-in routes, and problems stay problems', async () => {
    await start({ configure: (app) => app.setGlobalPrefix('api') });
    expect((await post('/api/otp/challenges')).status).toBe(201);
    expect((await post('/otp/challenges')).status).toBe(404);
    expectProblem(await post('/api/otp/challenges', { body: '{' }), 400, 'invalid_request');
  });

  it('the built-in routes are neutral to versions in the URI', async () => {
    await start({
      configure: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      },
    });
    expect((await post('/api/otp/challenges')).status).toBe(201);
    expect((await callHttp(otp.url, { path: '/api/v1/hello' })).status).toBe(200);
  });

  it('a global guard closes the built-in routes unless they are marked', async () => {
    const providers = [{ provide: APP_GUARD, useClass: ClosingGuard }];
    await start({ metadata: { providers } });
    expect((await post('/otp/challenges')).status).toBe(403);
    expect(otp.transport.messages).toEqual([]);
    await otp.close();

    await start({ metadata: { providers }, routes: { path: 'auth/otp', decorators: [Public()] } });
    expect((await post('/auth/otp/challenges')).status).toBe(201);
    expect((await callHttp(otp.url, { path: '/hello' })).status).toBe(403);
    expectProblem(await post('/auth/otp/challenges', { body: '{' }), 400, 'invalid_request');
    expectProblem(await callHttp(otp.url, { path: '/auth/otp/challenges/x' }), 410, 'challenge_gone');
  });

  it.each(['/auth/otp/', 'auth/otp'])('slashes around routes.path (%s) do not matter', async (path) => {
    await start({ routes: { path } });
    expect((await post('/auth/otp/challenges')).status).toBe(201);
    expectProblem(await post('/auth/otp/challenges', { body: '{' }), 400, 'invalid_request');
  });

  it('routes: false leaves the service alone', async () => {
    await start({ routes: false });
    expect((await post('/otp/challenges')).status).toBe(404);
    const result = await otp.app.get(OtpService).issue({ purpose: 'login', phoneNumber: NUMBER, client: 'none' });
    expect(result.outcome).toBe('issued');
    expectProblem(await post('/own'), 400, 'invalid_phone_number');
  });

  it('a global pipe and an envelope change what they wrap and nothing else', async () => {
    await start({
      configure: (app) => app.useGlobalPipes(new StrictPipe()).useGlobalInterceptors(new EnvelopeInterceptor()),
    });
    const created = await post('/otp/challenges');
    expect(created.status).toBe(201);
    expect(created.headers['cache-control']).toBe('no-store');
    expect(created.body).toEqual({ data: expect.objectContaining({ purpose: 'login', channel: 'sms' }) });
    expectProblem(await post('/otp/challenges'), 429, 'throttled');
    expectProblem(await post('/otp/challenges', { body: { phoneNumber: 1 } }), 400, 'invalid_request');
  });

  it('a problem of an own controller is the built-in routes’ problem', async () => {
    await start();
    expectProblem(await post('/own'), 400, 'invalid_phone_number');
    expect((await callHttp(otp.url, { path: '/hello' })).body).toEqual({ hello: 'world' });
  });

  it('parser errors of other routes are left to the application', async () => {
    await start();
    const answer = await post('/own', { body: '{' });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
  });

  it('closing the application closes the store once', async () => {
    let closed = 0;
    const store = memoryStore();
    const close = async () => {
      closed++;
      await store.close();
    };
    await start({ store: { ...store, close } });
    await otp.close();
    expect(closed).toBe(1);
  });
});
