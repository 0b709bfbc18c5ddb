import { afterEach, describe, expect, it, vi } from 'vitest';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Controller, Logger, Post } from '@nestjs/common';
import { argon2id, hmacSha256, OtpAdmin, type OtpCaller, OtpEvents, OtpService, RequireOtp } from 'nestjs-sms-otp';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { callHttp, NUMBER, OtpHttpClient, wrongCode } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';

@Controller()
class PayoutController {
  @Post('payout')
  @RequireOtp('payout', { mode: 'proof' })
  pay() {
    return {};
  }
}

class Nobody implements OtpCaller {
  resolve(): undefined {
    return undefined;
  }
}

describe.each(ADAPTERS)('what must not happen, on %s', (adapter) => {
  let otp: OtpApp;

  afterEach(async () => {
    vi.restoreAllMocks();
    await otp.close();
  });

  it.each([36, 255, 256, 512])('a locale of %i characters changes nothing but the language', async (length) => {
    otp = await startOtpApp({ adapter });
    const service = otp.app.get(OtpService);
    const issued = await service.issue({
      purpose: 'login',
      phoneNumber: NUMBER,
      locale: 'x'.repeat(length),
      client: { ip: '203.0.113.1' },
    });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const code = otp.codeTo(NUMBER);
    expect(await service.verify({ purpose: 'login', challengeId, code, client: 'none' })).toMatchObject({
      outcome: 'verified',
    });
    const status = await otp.app.get(OtpAdmin).status(NUMBER);
    expect(status).toMatchObject({ outcome: 'ok', number: { destination: '+31*******78' } });
    expect(status).not.toHaveProperty('number.cooldownUntil');
  });

  it('C1 a challenge without attempts gets no further message', async () => {
    otp = await startOtpApp({ adapter });
    const client = new OtpHttpClient(otp);
    const { challengeId, code } = await client.start();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expectProblem(await client.verify(challengeId, wrongCode(code)), 422, 'incorrect_code');
    }
    otp.clock.advanceSeconds(31);
    expectProblem(await client.resend(challengeId), 410, 'attempts_exhausted');
    expect(otp.transport.messages).toHaveLength(1);
  });

  it('who hangs up while waiting for a hash gets the number’s send back, but not the cooldown', async () => {
    const hasher = hmacSha256();
    let hashing = () => {};
    const started = new Promise<void>((resolve) => {
      hashing = resolve;
    });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    otp = await startOtpApp({
      adapter,
      limits: { number: { sends: [{ limit: 1, windowSeconds: 3600 }] } },
      hashing: {
        ...hasher,
        occupiesThread: true,
        hash: (input) => {
          hashing();
          return released.then(() => hasher.hash(input));
        },
      },
    });
    const aborted = new Promise<void>((resolve) => {
      otp.app.get(OtpEvents).on('challenge.refused', ({ reason }) => reason === 'aborted' && resolve());
    });
    const client = new OtpHttpClient(otp);
    // Both seats of two cores, or all of a smaller machine, are taken first.
    const others = ['+31611111111', '+31622222222'].map((phoneNumber) => client.create({ phoneNumber }));
    await started;
    const { hostname, port } = new URL(otp.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const body = JSON.stringify({ phoneNumber: NUMBER });
    socket.write(
      `POST /otp/challenges HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await vi.waitFor(async () => {
      const status = await otp.app.get(OtpAdmin).status(NUMBER);
      expect(status).toHaveProperty('number.cooldownUntil');
    });
    socket.destroy();
    await aborted;
    release();
    await Promise.all(others);
    expectThrottled(await client.create(), 30);
    otp.clock.advanceSeconds(31);
    expect((await client.create()).status).toBe(201);
    expect(otp.transport.messages.filter(({ to }) => to === NUMBER)).toHaveLength(1);
  });

  it('a guard without a caller says so once, and answers a plain 401', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    otp = await startOtpApp({
      adapter,
      purposes: { login: { start: 'public' }, payout: {} },
      caller: Nobody,
      metadata: { controllers: [PayoutController], providers: [Nobody] },
    });
    for (let request = 0; request < 3; request += 1) {
      const answer = await callHttp(otp.url, { method: 'POST', path: '/payout' });
      expect(answer.status).toBe(401);
      expect(answer.body['code']).toBeUndefined();
    }
    const told = warn.mock.calls.filter(([message]) => String(message).includes('met no caller'));
    expect(told).toHaveLength(1);
  });

  it('30 pipelined requests on one socket leave one listener', async () => {
    otp = await startOtpApp({ adapter });
    const warning = vi.fn();
    process.on('warning', warning);
    const { hostname, port } = new URL(otp.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const body = '{"code":"123456"}';
    const request = `POST /otp/challenges/x/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    socket.write(request.repeat(30));
    let answers = 0;
    for await (const chunk of socket) {
      answers += String(chunk).split('HTTP/1.1 410').length - 1;
      if (answers >= 30) {
        break;
      }
    }
    process.off('warning', warning);
    expect(warning).not.toHaveBeenCalled();
  });
});

describe('OtpService', () => {
  it.each(['subject', 'idempotencyKey'])('refuses a %s that is empty, too long or no text, by name', async (name) => {
    const otp = await startOtpApp();
    const service = otp.app.get(OtpService);
    for (const value of ['', 'x'.repeat(256), 5, null]) {
      const options = { purpose: 'login', phoneNumber: NUMBER, client: 'none', [name]: value } as const;
      await expect(Promise.resolve(Reflect.apply(service.issue, service, [options]))).rejects.toThrow(
        `${name} must be text`,
      );
    }
    expect(otp.transport.messages).toHaveLength(0);
    await otp.close();
  });
});

describe('engines', () => {
  it('that do not exist are refused by name', () => {
    expect(() => Reflect.apply(argon2id, undefined, [{ engine: 'bcrypt' }])).toThrow(
      'hashing.engine: choose one of argon2',
    );
  });
});
