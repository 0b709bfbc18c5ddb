import { type IssueOptions, OtpAdmin, OtpService } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpAnswer, type HttpCall, NUMBER, textMember, wrongCode } from '../support/http.js';
import { LEDGER } from '../support/sample-app/purposes.js';
import { challengeIdOf, codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const COOLDOWN_SECONDS = 30;
const post = (path: string, body: unknown = TRANSFER): HttpCall => ({ method: 'POST', path, body });
const SETTINGS = post('/settings/limits', {});

describe.each(IN_MEMORY)('proofs for what a code stands for, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;

  beforeEach(async () => {
    sample = await startSample(deployment);
    ann = sample.client('ann');
  });

  afterEach(() => sample.otp.close());

  const withProof = ({ headers, ...call }: HttpCall, proof: string): Promise<HttpAnswer> =>
    ann.call({ ...call, headers: { ...headers, 'OTP-Proof': proof } });
  const refusals = () => sample.events.flatMap((event) => (event.type === 'proof.refused' ? [event.reason] : []));
  const messages = () => sample.otp.transport.messages.length;

  /** A challenge that the application's own code starts: it knows of no route. */
  async function issue(options: Partial<IssueOptions> = {}): Promise<{ challengeId: string; code: string }> {
    const { subject, phoneNumber } = sample.bank.account('ann');
    const binding = options.purpose === undefined ? { binding: TRANSFER } : {};
    const result = await sample.otp.app
      .get(OtpService)
      .issue({ purpose: 'payout', ...binding, subject, phoneNumber, client: 'none', vouched: true, ...options });
    if (result.outcome !== 'issued') {
      throw new Error(`not issued: ${result.outcome}`);
    }
    return { challengeId: result.challenge.challengeId, code: ann.code() };
  }

  const proofOf = async ({ challengeId, code }: { challengeId: string; code: string }) =>
    textMember(await ann.otpRoutes.verify(challengeId, code), 'proof');

  it('A4 case 25 of a guard’s challenge: it opens that request, once', async () => {
    const proof = await ann.proveFor(post('/payouts'));
    expect((await withProof(post('/payouts'), proof)).status).toBe(201);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expectProblem(await withProof(post('/payouts'), proof), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual(['pay']);
    expect(refusals()).toEqual(['used']);
  });

  it.each<[string, HttpCall, HttpCall]>([
    ['amount', post('/payouts'), post('/payouts', { ...TRANSFER, amount: '13.00' })],
    ['route', post('/payouts'), post('/payouts/repeatable')],
    ['route without inline codes', post('/payouts'), post('/payouts/proof')],
    ['route that asks for the same', SETTINGS, post('/settings/address', {})],
    ['method', SETTINGS, { path: '/reports/monthly' }],
  ])('A4 case 23 for another %s it is worth nothing, and is not spent', async (_name, first, second) => {
    const proof = await ann.proveFor(first);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expectProblem(await withProof(second, proof), 401, 'insufficient_proof');
    expect(refusals()).toEqual(['wrong_binding']);
    expect(sample.bank.handlers).toEqual([]);
    expect((await withProof(first, proof)).status).toBe(201);
  });

  it('a proof that does not do is as good as none: the answer has a challenge', async () => {
    const answer = await withProof(post('/payouts'), 'no proof');
    expectProblem(answer, 401, 'insufficient_proof');
    expect(
      (await ann.pay(TRANSFER, codeHeaders({ challengeId: challengeIdOf(answer), code: ann.code() }))).status,
    ).toBe(201);
  });

  it('mode inline takes no proof', async () => {
    const call = post('/payouts/inline');
    const proof = await ann.proveFor(call);
    const answer = await withProof(call, proof);
    expectProblem(answer, 401, 'otp_required');
    expect(answer.body).toHaveProperty('challenge');
    expect(refusals()).toEqual([]);
    expect(sample.bank.handlers).toEqual([]);
  });

  it('C1 mode proof takes no code, starts no challenge, and sends nothing', async () => {
    const call = post('/payouts/proof');
    const stepped = await issue();
    for (const answer of [await ann.call(call), await ann.repeat(call, stepped)]) {
      expectProblem(answer, 401, 'otp_required');
      expect(answer.body).not.toHaveProperty('challenge');
    }
    expectProblem(await withProof(call, 'x'), 401, 'insufficient_proof');
    expect(messages()).toBe(1);
    expect((await ann.otpRoutes.status(stepped.challengeId)).body).toMatchObject({ attemptsRemaining: 5 });
    expect((await withProof(call, await proofOf(stepped))).status).toBe(201);
  });

  it('a code and a proof in one request: the code decides, and the proof is kept', async () => {
    const proof = await ann.proveFor(post('/payouts'));
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    const { challengeId, code } = await ann.stepUp();
    const headers = { ...codeHeaders({ challengeId, code: wrongCode(code) }), 'OTP-Proof': proof };
    expectProblem(await ann.pay(TRANSFER, headers), 422, 'incorrect_code');
    expect((await withProof(post('/payouts'), proof)).status).toBe(201);
  });

  it('singleUse false: it opens the same request again, and no other', async () => {
    const call = post('/payouts/repeatable');
    const proof = await ann.proveFor(call);
    expect((await withProof(call, proof)).status).toBe(201);
    expect((await withProof(call, proof)).status).toBe(201);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expectProblem(
      await withProof({ ...call, body: { ...TRANSFER, amount: '13.00' } }, proof),
      401,
      'insufficient_proof',
    );
  });

  it('without a binding it is not spent, but where singleUse says so', async () => {
    const reusable = await ann.proveFor(SETTINGS);
    expect((await withProof(SETTINGS, reusable)).status).toBe(201);
    expect((await withProof(SETTINGS, reusable)).status).toBe(201);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    const address = post('/settings/address', {});
    const once = await ann.proveFor(address);
    expect((await withProof(address, once)).status).toBe(201);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expectProblem(await withProof(address, once), 401, 'insufficient_proof');
  });

  describe('a challenge that the application started', () => {
    it('A4 is bound to what it was told and to no route', async () => {
      const proof = await proofOf(await issue());
      expectProblem(
        await withProof(post('/payouts/proof', { ...TRANSFER, payee: 'Eve' }), proof),
        401,
        'insufficient_proof',
      );
      expect((await withProof(post('/payouts/repeatable'), proof)).status).toBe(201);
      expect((await withProof(post('/payouts/proof'), proof)).status).toBe(201);
      expectProblem(await withProof(post('/payouts/proof'), proof), 401, 'insufficient_proof');
    });

    it('A4 may be answered on the spot, for what it was told', async () => {
      const stepped = await issue();
      expectProblem(await ann.pay({ ...TRANSFER, amount: '13.00' }, codeHeaders(stepped)), 422, 'incorrect_code');
      expect((await ann.pay(TRANSFER, codeHeaders(stepped))).status).toBe(201);
    });

    it('case 19 of another purpose is gone', async () => {
      expectProblem(await ann.repeat(SETTINGS, await issue()), 410, 'challenge_gone');
      sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
      const proof = await proofOf(await issue({ purpose: 'confirm' }));
      expectProblem(await withProof(post('/payouts/proof'), proof), 401, 'insufficient_proof');
      expect(sample.bank.handlers).toEqual([]);
    });

    it('A4 case 20 of another account is worth nothing', async () => {
      const stepped = await issue({ subject: 'user-ben' });
      expectProblem(await ann.pay(TRANSFER, codeHeaders(stepped)), 410, 'challenge_gone');
      expectProblem(await withProof(post('/payouts/proof'), await proofOf(stepped)), 401, 'insufficient_proof');
      expect(refusals()).toEqual(['not_the_caller']);
    });
  });

  it('H8 maxAgeSeconds is the class’s, and the handler’s where it has its own', async () => {
    const proof = await proofOf(await issue({ purpose: 'confirm' }));
    const email = post('/settings/email', {});
    sample.otp.clock.advanceSeconds(30);
    expect((await withProof(email, proof)).status).toBe(201);
    sample.otp.clock.advanceSeconds(1);
    const answer = await withProof(email, proof);
    expectProblem(answer, 401, 'insufficient_proof');
    expect(answer.headers['www-authenticate']).toContain('max_age="30"');
    sample.otp.clock.advanceSeconds(89);
    expect((await withProof(SETTINGS, proof)).status).toBe(201);
    sample.otp.clock.advanceSeconds(1);
    expectProblem(await withProof(SETTINGS, proof), 401, 'insufficient_proof');
    expect(refusals()).toEqual(['too_old', 'too_old']);
  });

  it('H8 L1 an age that is no number is one that no proof has', async () => {
    const proof = await proofOf(await issue({ purpose: 'confirm' }));
    const check = { proof, purpose: 'confirm', caller: 'none', maxAgeSeconds: Number('an hour') } as const;
    const result = await sample.otp.app.get(OtpService).checkProof(check);
    expect(result).toEqual({ outcome: 'refused', reason: 'too_old' });
  });

  it('H5 an audience of the purpose is in its proofs, and a proof without it does not do', async () => {
    const call = post('/reports/export', {});
    const proof = await ann.proveFor(call);
    expect((await withProof(call, proof)).status).toBe(201);
    expect(sample.bank.ran).toMatchObject([{ seen: { audience: ['otp', LEDGER] } }]);
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    const other = await proofOf(await issue({ purpose: 'confirm' }));
    sample.otp.clock.advanceSeconds(2 * COOLDOWN_SECONDS);
    expectProblem(await withProof(call, other), 401, 'insufficient_proof');
    expect(refusals()).toEqual(['invalid']);
  });

  it('proofs of a number end when they are revoked', async () => {
    const proof = await ann.proveFor(SETTINGS);
    await sample.otp.app.get(OtpAdmin).revokeProofs(NUMBER, { actor: 'support' });
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    expectProblem(await withProof(SETTINGS, proof), 401, 'insufficient_proof');
    expect(refusals()).toEqual(['revoked']);
  });
});
