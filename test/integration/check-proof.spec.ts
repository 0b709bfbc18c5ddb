import { Controller, Post } from '@nestjs/common';
import {
  type CheckProofOptions,
  memoryStore,
  type OtpOptions,
  OtpService,
  RequireOtp,
  StoreUnavailableError,
  toOtpException,
} from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NUMBER, OTHER_NUMBER, OtpHttpClient, textMember } from '../support/http.js';
import { type OtpApp, startOtpApp } from '../support/otp-app.js';
import { watchStore } from '../support/store-doubles.js';

const PAYMENTS = 'https://payments.acme.com';
const purposes = {
  login: { start: 'public' },
  second: { audience: PAYMENTS },
  payout: { binding: z.object({ amount: z.string(), payee: z.string() }) },
} as const;
const PAYOUT = { amount: '12.00 EUR', payee: 'NL91ABNA0417164300' };
const ADA = { subject: 'ada', phoneNumber: NUMBER };
const CHALLENGED = z.object({ challenge: z.object({ challengeId: z.string() }) });

/** A guard's challenge stands for its route. */
@Controller()
class GuardedController {
  @Post('guarded')
  @RequireOtp('second', { binding: false, phoneNumber: () => NUMBER })
  guarded() {
    return {};
  }
}

describe('OtpService.checkProof', () => {
  let otp: OtpApp;
  let service: OtpService;

  const start = async (options: Partial<OtpOptions> & { clock?: ManualClock } = {}) => {
    otp = await startOtpApp({ purposes, metadata: { controllers: [GuardedController] }, ...options });
    service = otp.app.get(OtpService);
  };
  afterEach(() => otp.close());

  type Proved = Omit<Parameters<OtpService['issue']>[0], 'client' | 'phoneNumber'>;
  const prove = async (issue: Proved): Promise<string> => {
    const issued = await service.issue({ ...issue, phoneNumber: NUMBER, client: 'none' });
    const challengeId = issued.outcome === 'issued' ? issued.challenge.challengeId : '';
    const verified = await service.verify({
      purpose: issue.purpose,
      challengeId,
      code: otp.codeTo(NUMBER),
      client: 'none',
    });
    return verified.outcome === 'verified' ? verified.proof : verified.outcome;
  };
  const check = async (options: Omit<CheckProofOptions, 'purpose' | 'caller'> & Partial<CheckProofOptions>) => {
    const result = await service.checkProof({ purpose: 'second', caller: ADA, ...options });
    return result.outcome === 'refused' ? result.reason : result.outcome;
  };

  it('H5 tells what the proof says', async () => {
    await start();
    const proof = await prove({ purpose: 'second', subject: 'ada' });
    expect(await service.checkProof({ proof, purpose: 'second', caller: ADA })).toEqual({
      outcome: 'accepted',
      proof: {
        id: expect.any(String),
        phoneNumber: NUMBER,
        purpose: 'second',
        subject: 'ada',
        amr: ['sms'],
        authTime: otp.clock.now() / 1000,
        expiresAt: otp.clock.now() / 1000 + 600,
        audience: ['otp', PAYMENTS],
      },
    });
  });

  it('A4 case 20 only for the caller whose number and account it is', async () => {
    await start();
    const proof = await prove({ purpose: 'second', subject: 'ada' });
    expect(await check({ proof, caller: { subject: 'ada', phoneNumber: '0031 6 1234 5678' } })).toBe('not_the_caller');
    expect(await check({ proof, caller: { subject: 'ada', phoneNumber: '+31 6 1234-5678' } })).toBe('accepted');
    expect(await check({ proof, caller: { subject: 'ada', phoneNumber: OTHER_NUMBER } })).toBe('not_the_caller');
    expect(await check({ proof, caller: { subject: 'bob', phoneNumber: NUMBER } })).toBe('not_the_caller');
    expect(await check({ proof, caller: { phoneNumber: NUMBER } })).toBe('not_the_caller');
    expect(await check({ proof, caller: 'none' })).toBe('accepted');
    // Callers without types.
    await expect(check({ proof, caller: Object(undefined).caller })).rejects.toThrow('caller is missing');
    expect(await check({ proof, caller: Object({ subject: 'ada' }) })).toBe('not_the_caller');
  });

  it('case 19 only for its purpose, and for who may rely on it', async () => {
    await start();
    const proof = await prove({ purpose: 'login', subject: 'ada' });
    expect(await check({ proof })).toBe('wrong_purpose');
    expect(await check({ proof, purpose: 'login', audience: PAYMENTS })).toBe('invalid');
    otp.clock.advanceSeconds(60);
    expect(await check({ proof: await prove({ purpose: 'second' }), audience: PAYMENTS })).toBe('accepted');
  });

  it('case 23 only for what the code stood for, and then once', async () => {
    await start();
    const proof = await prove({ purpose: 'payout', subject: 'ada', binding: PAYOUT });
    const payout = { proof, purpose: 'payout', caller: ADA } as const;
    expect(await check({ ...payout, binding: { ...PAYOUT, amount: '13.00 EUR' } })).toBe('wrong_binding');
    expect(await check({ ...payout, binding: { amount: '12.00 EUR' } })).toBe('invalid_binding');
    await expect(check(payout)).rejects.toThrow("purpose 'payout' declares a binding");
    await expect(check({ proof, binding: PAYOUT })).rejects.toThrow("purpose 'second' declares no binding");
    expect(await check({ ...payout, binding: { payee: PAYOUT.payee, amount: PAYOUT.amount } })).toBe('accepted');
    expect(await check({ ...payout, binding: PAYOUT })).toBe('used');
  });

  it('case 25 without a binding as often as it lives, unless it is to open one thing', async () => {
    await start();
    const proof = await prove({ purpose: 'second', subject: 'ada' });
    expect(await check({ proof })).toBe('accepted');
    expect(await check({ proof, singleUse: true })).toBe('accepted');
    expect(await check({ proof, singleUse: true })).toBe('used');
    otp.clock.advanceSeconds(61);
    expect(await check({ proof, maxAgeSeconds: 60 })).toBe('too_old');
    otp.clock.advanceSeconds(600);
    expect(await check({ proof })).toBe('expired');
  });

  it('A4 not for a proof that a guard’s challenge earned: it stands for that route', async () => {
    await start();
    const client = new OtpHttpClient(otp);
    const { challenge } = CHALLENGED.parse((await client.call({ method: 'POST', path: '/guarded' })).body);
    const verified = await client.verify(challenge.challengeId, otp.codeTo(NUMBER));
    expect(await check({ proof: textMember(verified, 'proof'), caller: 'none' })).toBe('wrong_binding');
  });

  it.each([[undefined, 'missing'] as const, ['', 'invalid'] as const, ['a.b.c', 'invalid'] as const])(
    'case 74 %j is %s',
    async (proof, reason) => {
      await start();
      expect(await check({ proof })).toBe(reason);
    },
  );

  it.each([[null], [7], [['a', 'b']], [{}]])('J1 case 74 %j is no proof, and no fault', async (proof) => {
    await start();
    expect(await check({ proof: Object({ proof }).proof })).toBe('invalid');
  });

  it('L1 is refused while the store is lost', async () => {
    const clock = new ManualClock();
    let isLost = false;
    const store = watchStore(memoryStore({ clock }), () => {
      if (isLost) {
        throw new StoreUnavailableError('lost');
      }
    });
    await start({ clock, store });
    const proof = await prove({ purpose: 'second', subject: 'ada' });
    isLost = true;
    expect(await check({ proof })).toBe('store_unavailable');
  });
});

describe('a refused proof as a problem', () => {
  it.each([
    ['missing', 401, 'otp_required'],
    ['expired', 401, 'insufficient_proof'],
    ['not_the_caller', 401, 'insufficient_proof'],
    ['wrong_binding', 401, 'insufficient_proof'],
  ] as const)('H8 %s is %i %s', (reason, status, code) => {
    const { problem, headers } = toOtpException({ outcome: 'refused', reason });
    expect(problem).toMatchObject({ status, code });
    expect(headers).toEqual({ 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' });
  });
});
