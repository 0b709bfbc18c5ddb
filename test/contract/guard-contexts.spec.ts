import { ForbiddenException, Injectable } from '@nestjs/common';
import { ExternalContextCreator } from '@nestjs/core';
import { RequireOtp, SkipOtp } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeaderCaller } from '../support/graphql-app.js';
import { NUMBER } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';

/** Wherever a request may be looked for. */
const request = { headers: { 'x-account': 'victim', 'otp-proof': 'x' }, url: '/', method: 'POST', phoneNumber: NUMBER };
const ARGUMENTS = [request, { req: request, request }, { req: request }, { req: request, reply: { request } }];

describe('case 75 contexts that the guard does not know', () => {
  let otp: OtpApp;
  let calls: string[];
  let run: (type: string, method: 'pay' | 'open') => Promise<unknown>;

  beforeEach(async () => {
    calls = [];

    @RequireOtp('second', { phoneNumber: () => NUMBER, skipIf: () => true })
    @Injectable()
    class Handlers {
      pay() {
        calls.push('pay');
      }

      @SkipOtp()
      open() {
        calls.push('open');
      }
    }

    otp = await startOtpApp({
      purposes: { second: {} },
      caller: HeaderCaller,
      metadata: { providers: [HeaderCaller, Handlers] },
    });
    const creator = otp.app.get(ExternalContextCreator, { strict: false });
    const handlers = otp.app.get(Handlers);
    run = async (type, method) => {
      const none = undefined;
      const handler = creator.create(handlers, handlers[method], method, none, none, none, none, none, type);
      return handler(...ARGUMENTS);
    };
  });

  afterEach(() => otp.close());

  it.each(['rpc', 'necord', 'bullmq', 'HTTP', 'WS', '__proto__', 'constructor'])('%s is denied', async (type) => {
    await expect(run(type, 'pay')).rejects.toThrow(ForbiddenException);
    expect(calls).toEqual([]);
    expect(otp.transport.messages).toEqual([]);
  });

  it('GraphQL without a field, as references of a federation come, is denied', async () => {
    await expect(run('graphql', 'pay')).rejects.toThrow(ForbiddenException);
    expect(calls).toEqual([]);
  });

  it.each(['rpc', 'graphql'])('%s passes where no code is asked for', async (type) => {
    await run(type, 'open');
    expect(calls).toEqual(['open']);
  });
});
