import { APP_GUARD } from '@nestjs/core';
import { Controller, Post } from '@nestjs/common';
import { OtpGuard, RequireOtp, SkipOtp } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER } from '../support/http.js';
import { codeHeaders, TRANSFER } from '../support/sample-app/sample-client.js';
import { SessionGuard } from '../support/sample-app/session.guard.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const post = (path: string, body: unknown = {}): HttpCall => ({ method: 'POST', path, body });

describe.each(IN_MEMORY)('what a handler asks for, on $name', (deployment) => {
  let sample: Sample;
  afterEach(() => sample.otp.close());

  const messages = () => sample.otp.transport.messages.length;

  it('a class asks for all of its handlers', async () => {
    sample = await startSample(deployment);
    const ann = sample.client('ann');
    const call = post('/settings/limits');
    expect((await ann.repeat(call, await ann.stepUp(call))).status).toBe(201);
    expect(sample.bank.ran).toEqual([{ handler: 'limits', seen: { phoneNumber: NUMBER } }]);
  });

  it('@SkipOtp() lifts it from one', async () => {
    sample = await startSample(deployment);
    const ann = sample.client('ann');
    expect((await ann.call({ path: '/settings' })).status).toBe(200);
    expectProblem(await ann.post('/settings/limits'), 401, 'otp_required');
    expect(sample.bank.handlers).toEqual(['show']);
  });

  it.each([
    [
      'of the same purpose, what the handler does not say is the class’s',
      '/settings/address',
      'confirm',
      ', max_age="120"',
    ],
    ['of the same purpose, what the handler says is its own', '/settings/email', 'confirm', ', max_age="30"'],
    ['of another purpose, nothing of the class counts', '/settings/payee', 'payout', ''],
  ])('%s', async (_name, path, purpose, maxAge) => {
    sample = await startSample(deployment);
    const answer = await sample.client('ann').post(path, TRANSFER);
    expectProblem(answer, 401, 'otp_required');
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer error="insufficient_user_authentication", error_description="A code is needed: ${purpose}"${maxAge}`,
    );
    expect(messages()).toBe(path === '/settings/email' ? 0 : 1);
  });

  it('case 19 the class’s code is worth nothing for the other purpose of a handler, nor the other way round', async () => {
    sample = await startSample(deployment);
    const ann = sample.client('ann');
    const stepped = await ann.stepUp(post('/settings/limits'));
    expectProblem(await ann.repeat(post('/settings/payee', TRANSFER), stepped), 410, 'challenge_gone');
    sample.otp.clock.advanceSeconds(30);
    const other = await ann.stepUp(post('/settings/payee', TRANSFER));
    expectProblem(await ann.repeat(post('/settings/limits'), other), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual([]);
  });

  it.each([
    ['twice', RequireOtp('confirm'), RequireOtp('payout')],
    ['and lifted', RequireOtp('confirm'), SkipOtp()],
    ['lifted and', SkipOtp(), RequireOtp('confirm')],
  ])('asked for %s on one handler or class: the class cannot be defined', async (_name, one, other) => {
    sample = await startSample(deployment);
    const message = '@RequireOtp() and @SkipOtp() may stand only once';
    expect(() => {
      class Handlers {
        @one
        @other
        run() {
          return {};
        }
      }
      return Handlers;
    }).toThrow(message);
    expect(() => {
      @one
      @other
      class Handlers {}
      return Handlers;
    }).toThrow(message);
  });

  describe('registered globally as well, behind the application’s authentication', () => {
    const globally = {
      providers: [
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_GUARD, useExisting: OtpGuard },
      ],
    };

    it.each(['/settings/address', '/reports/export', '/orders/wrong'])(
      'A3 %s: one code, one attempt and one message, whatever the number of guards',
      async (path) => {
        sample = await startSample(deployment, { metadata: globally });
        const ann = sample.client('ann');
        const stepped = await ann.stepUp(post(path));
        expect((await ann.repeat(post(path), stepped)).status).toBe(201);
        expectProblem(await ann.repeat(post(path), stepped), 410, 'challenge_gone');
        expect(sample.bank.handlers).toHaveLength(1);
        expect(messages()).toBe(1);
        expect(sample.events.filter(({ type }) => type === 'challenge.verified')).toHaveLength(1);
      },
    );

    it('a wrong code costs one attempt', async () => {
      sample = await startSample(deployment, { metadata: globally });
      const ann = sample.client('ann');
      const stepped = await ann.stepUp(post('/settings/limits'));
      const answer = await ann.repeat(post('/settings/address'), stepped);
      expect(answer.body['attemptsRemaining']).toBe(4);
    });

    it('handlers that ask for nothing pass', async () => {
      sample = await startSample(deployment, { metadata: globally });
      expect((await sample.client('ann').call({ path: '/settings' })).status).toBe(200);
    });
  });

  describe('skipIf', () => {
    const pilot = (value: string, path = '/reports/pilot'): HttpCall => ({
      ...post(path),
      headers: { 'X-Pilot': value },
    });

    it('lets through without a code and sends nothing', async () => {
      sample = await startSample(deployment);
      expect((await sample.client('ann').call(pilot('off'))).status).toBe(201);
      expect(messages()).toBe(0);
    });

    it.each(['on', 'text'])('case 75 asked with %j it is `true` alone that lets through', async (value) => {
      sample = await startSample(deployment);
      expectProblem(await sample.client('ann').call(pilot(value)), 401, 'otp_required');
      expect(sample.bank.handlers).toEqual([]);
    });

    it('L1 case 75 what it throws refuses', async () => {
      sample = await startSample(deployment);
      const answer = await sample.client('ann').call(pilot('broken'));
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('flags');
      expect(sample.bank.handlers).toEqual([]);
      expect(messages()).toBe(0);
    });

    it('case 24 a handler that wants to know the number does not run without one', async () => {
      sample = await startSample(deployment);
      const ann = sample.client('ann');
      expect((await ann.call(pilot('off', '/reports/pilot/number'))).status).toBe(401);
      expect(sample.bank.handlers).toEqual([]);
      const call = pilot('on', '/reports/pilot/number');
      expect((await ann.repeat(call, await ann.stepUp(call))).status).toBe(201);
    });
  });

  it('a class that inherits its handlers asks as they do', async () => {
    @RequireOtp('payout', { mode: 'inline', binding: ({ body }) => body })
    class Handlers {
      @Post('inherited')
      run() {
        return {};
      }
    }
    @Controller()
    class Inheriting extends Handlers {}

    const providers = [{ provide: APP_GUARD, useClass: SessionGuard }];
    sample = await startSample(deployment, { metadata: { controllers: [Inheriting], providers } });
    const ann = sample.client('ann');
    const stepped = await ann.stepUp(post('/inherited', TRANSFER));
    expect((await ann.post('/inherited', TRANSFER, codeHeaders(stepped))).status).toBe(201);
  });
});
