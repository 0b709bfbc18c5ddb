import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem, expectThrottled } from '../support/expect-problem.js';
import { NUMBER, wrongCode } from '../support/http.js';
import { DAY } from '../support/limits.js';
import { PAYOUT_SECONDS } from '../support/sample-app/purposes.js';
import { challengeIdOf, codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const COOLDOWN_SECONDS = 30;
const ATTEMPTS = 5;

describe.each(IN_MEMORY)('a code on the spot, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  beforeEach(async () => {
    sample = await startSample(deployment);
    ann = sample.client('ann');
  });

  afterEach(() => sample.otp.close());

  const messages = () => sample.otp.transport.messages.length;

  it('H8 I2 K2 the first request is answered with a challenge, as RFC 9470 says it', async () => {
    const answer = await ann.pay();
    expectProblem(answer, 401, 'otp_required');
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A code is needed: payout"',
    );
    expect(answer.body['challenge']).toEqual({
      challengeId: expect.stringMatching(/^[\w-]{40,}$/),
      purpose: 'payout',
      channel: 'sms',
      destination: '+31*******78',
      codeLength: 6,
      expiresAt: '2026-01-01T00:03:00.000Z',
      resendAt: '2026-01-01T00:00:30.000Z',
      attemptsRemaining: ATTEMPTS,
      sendsRemaining: 2,
    });
    expect(sample.otp.transport.messages).toMatchObject([{ to: NUMBER, purpose: 'payout' }]);
    expect(sample.bank.handlers).toEqual([]);
  });

  it('H8 max_age tells how fresh the code must be', async () => {
    const { headers } = await ann.post('/settings/limits');
    expect(headers['www-authenticate']).toBe(
      'Bearer error="insufficient_user_authentication", error_description="A code is needed: confirm", max_age="120"',
    );
  });

  it('A3 A4 H6 the same request with the code passes once, and the handler learns what was proved', async () => {
    const stepped = await ann.stepUp();
    sample.otp.clock.advanceSeconds(20);
    const answer = await ann.pay(TRANSFER, codeHeaders(stepped));
    expect(answer.status).toBe(201);
    const now = sample.otp.clock.now() / 1000;
    expect(sample.bank.ran).toMatchObject([
      {
        handler: 'pay',
        seen: {
          body: TRANSFER,
          proof: {
            phoneNumber: NUMBER,
            purpose: 'payout',
            subject: 'user-ann',
            amr: ['sms'],
            authTime: now,
            expiresAt: now + 600,
          },
        },
      },
    ]);
    expectProblem(await ann.pay(TRANSFER, codeHeaders(stepped)), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual(['pay']);
    expect(messages()).toBe(1);
  });

  it('a code is taken as people type it', async () => {
    const { challengeId, code } = await ann.stepUp();
    const typed = ` ${code.slice(0, 3)} ${code.slice(3)}`;
    expect((await ann.pay(TRANSFER, codeHeaders({ challengeId, code: typed }))).status).toBe(201);
  });

  it('B1 case 1 wrong codes count down, and the fifth ends it: the right one is refused', async () => {
    const { challengeId, code } = await ann.stepUp();
    for (let left = ATTEMPTS - 1; left >= 0; left -= 1) {
      const answer = await ann.pay(TRANSFER, codeHeaders({ challengeId, code: wrongCode(code) }));
      expectProblem(answer, 422, 'incorrect_code');
      expect(answer.body['attemptsRemaining']).toBe(left);
    }
    expectProblem(await ann.pay(TRANSFER, codeHeaders({ challengeId, code })), 410, 'attempts_exhausted');
    expect(sample.bank.handlers).toEqual([]);
    // Nor is there a message whose code nobody could enter: this lane of the number is locked.
    expectThrottled(await ann.pay(), DAY);
    expect(messages()).toBe(1);
  });

  it('C1 asked again without a code it is the same challenge and no second message, also after a wrong code', async () => {
    const { challengeId, code } = await ann.stepUp();
    await ann.pay(TRANSFER, codeHeaders({ challengeId, code: wrongCode(code) }));
    sample.otp.clock.advanceSeconds(2 * COOLDOWN_SECONDS);
    const again = await ann.pay();
    expectProblem(again, 401, 'otp_required');
    expect(again.body['challenge']).toMatchObject({ challengeId, attemptsRemaining: ATTEMPTS - 1, sendsRemaining: 2 });
    expect(again.body['challenge']).not.toHaveProperty('delivery');
    expect(messages()).toBe(1);
    expect((await ann.pay(TRANSFER, codeHeaders({ challengeId, code }))).status).toBe(201);
  });

  it('C1 from another session of the same account as well', async () => {
    const { challengeId } = await ann.stepUp();
    expect(challengeIdOf(await sample.client('ann').pay())).toBe(challengeId);
    expect(messages()).toBe(1);
  });

  it('C1 for another transaction, route or account it is another challenge, and the number’s cooldown holds', async () => {
    const { challengeId } = await ann.stepUp();
    const others = [
      () => ann.pay({ ...TRANSFER, amount: '13.00' }),
      () => ann.post('/payouts/inline', TRANSFER),
      () => sample.client('ben').pay(),
    ];
    for (const other of others) {
      expectThrottled(await other(), COOLDOWN_SECONDS);
    }
    expect(messages()).toBe(1);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    const [first] = others;
    expect(challengeIdOf((await first?.()) ?? (await ann.pay()))).not.toBe(challengeId);
    expect(messages()).toBe(2);
  });

  it('A2 case 17 at the end of its lifetime a challenge is gone and the next request gets a new one', async () => {
    const { challengeId, code } = await ann.stepUp();
    sample.otp.clock.advanceSeconds(PAYOUT_SECONDS);
    expectProblem(await ann.pay(TRANSFER, codeHeaders({ challengeId, code })), 410, 'challenge_gone');
    expect(challengeIdOf(await ann.pay())).not.toBe(challengeId);
    expect(messages()).toBe(2);
  });

  it('C1 a resent challenge lives longer, and is answered again as long as it lives', async () => {
    const { challengeId } = await ann.stepUp();
    sample.otp.clock.advanceSeconds(PAYOUT_SECONDS - 1);
    expect((await ann.otpRoutes.resend(challengeId)).status).toBe(200);
    sample.otp.clock.advanceSeconds(PAYOUT_SECONDS - 1);
    expect(challengeIdOf(await ann.pay())).toBe(challengeId);
    expect(messages()).toBe(2);
  });

  it('a cancelled challenge is not answered again', async () => {
    const { challengeId } = await ann.stepUp();
    expect((await ann.otpRoutes.cancel(challengeId)).status).toBe(204);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expect(challengeIdOf(await ann.pay())).not.toBe(challengeId);
  });

  it.each<[string, (stepped: { challengeId: string; code: string }) => Record<string, string | string[]>]>([
    ['a code without its challenge', ({ code }) => ({ 'OTP-Code': code })],
    ['a challenge without its code', ({ challengeId }) => ({ 'OTP-Challenge': challengeId })],
    ['an empty code', ({ challengeId }) => ({ 'OTP-Challenge': challengeId, 'OTP-Code': '' })],
    ['letters', ({ challengeId, code }) => ({ 'OTP-Challenge': challengeId, 'OTP-Code': `${code}x` })],
    ['two codes', ({ challengeId, code }) => ({ 'OTP-Challenge': challengeId, 'OTP-Code': [code, '000000'] })],
    ['a list of codes', ({ challengeId, code }) => ({ 'OTP-Challenge': challengeId, 'OTP-Code': `000000,${code}` })],
  ])('J1 case 11 %s is 400 and costs nothing', async (_name, headers) => {
    const stepped = await ann.stepUp();
    expectProblem(await ann.pay(TRANSFER, headers(stepped)), 400, 'invalid_request');
    expect(sample.bank.handlers).toEqual([]);
    expect((await ann.otpRoutes.status(stepped.challengeId)).body).toMatchObject({ attemptsRemaining: ATTEMPTS });
    expect(messages()).toBe(1);
  });

  it.each(['garbage', '', '../x', 'A'.repeat(4000), '%00', '{}'])(
    'J1 case 62 an id that is none, %j, is gone and nothing is compared',
    async (challengeId) => {
      const { code } = await ann.stepUp();
      expectProblem(await ann.pay(TRANSFER, codeHeaders({ challengeId, code })), 410, 'challenge_gone');
      expect(sample.events.filter(({ type }) => type === 'challenge.failed')).toEqual([]);
    },
  );

  it('A3 the code is spent even where the handler fails', async () => {
    const call = { method: 'POST', path: '/payouts/failing', body: TRANSFER };
    const stepped = await ann.stepUp(call);
    expect((await ann.repeat(call, stepped)).status).toBe(500);
    expectProblem(await ann.repeat(call, stepped), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual(['failing']);
  });

  it('L1 a message that no provider takes is 503, and the next request may start another', async () => {
    sample.otp.transport.failNext('invalid-recipient');
    const answer = await ann.pay();
    expectProblem(answer, 503, 'delivery_failed');
    expect(answer.headers['retry-after']).toBe(String(COOLDOWN_SECONDS));
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expect((await ann.pay(TRANSFER, codeHeaders(await ann.stepUp()))).status).toBe(201);
  });

  it.each(['x'.repeat(300), '*', 'nl-NL,nl;q=0.9', '../en', '\u00E9'])(
    'J1 Accept-Language %j finds words all the same, those of the number’s country',
    async (language) => {
      expectProblem(await ann.pay(TRANSFER, { 'Accept-Language': language }), 401, 'otp_required');
      expect(sample.otp.transport.messages).toMatchObject([{ locale: 'nl' }]);
    },
  );
});
