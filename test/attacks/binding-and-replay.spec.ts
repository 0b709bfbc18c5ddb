import { OtpService } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { DEPLOYMENTS, TWO_INSTANCES } from '../support/deployments.js';
import { expectProblem } from '../support/expect-problem.js';
import { type HttpCall, NUMBER, OTHER_NUMBER, textMember } from '../support/http.js';
import { PAYOUT_SECONDS } from '../support/sample-app/purposes.js';
import { type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const PAYOUT: HttpCall = { method: 'POST', path: '/payouts', body: TRANSFER };
const BY_PROOF: HttpCall = { method: 'POST', path: '/payouts/proof', body: TRANSFER };
const COOLDOWN_SECONDS = 30;
const PROOF_SECONDS = 600;
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Cases 16 to 25, 28 and 29 at guarded routes: somebody who has a code or a proof, and wants more of it than it is for.
 * Ann is the victim, Eve has an account of her own. What must hold in a race is in test/integration/step-up-races.spec.ts,
 * forged tokens are in test/contract/proof-keys.spec.ts and guard-proof.spec.ts.
 */
describe.each(DEPLOYMENTS)('codes and proofs for something else, $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;
  let eve: SampleClient;

  afterEach(() => sample.otp.close());

  async function start(): Promise<void> {
    sample = await startSample(deployment);
    [ann, eve] = [sample.client('ann'), sample.client('eve')];
  }

  const withProof = (who: SampleClient, { headers, ...call }: HttpCall, proof: string) =>
    who.call({ ...call, headers: { ...headers, 'OTP-Proof': proof } });
  const proofFor = async (who: SampleClient, challengeId: string) =>
    textMember(await who.otpRoutes.verify(challengeId, who.code()), 'proof');

  it('A3 case 16 a code that was right once is gone, wherever it is brought', async () => {
    await start();
    const stepped = await ann.stepUp();
    expect((await ann.repeat(PAYOUT, stepped)).status).toBe(201);
    for (const answer of [
      await ann.repeat(PAYOUT, stepped),
      await sample.client('ann').repeat(PAYOUT, stepped),
      await ann.repeat({ ...PAYOUT, body: { ...TRANSFER, amount: '13.00' } }, stepped),
      await ann.otpRoutes.verify(stepped.challengeId, stepped.code),
    ]) {
      expectProblem(answer, 410, 'challenge_gone');
    }
    expect(sample.bank.handlers).toEqual(['pay']);
  });

  it('A3 case 16 a code that earned a proof is not entered again on the spot', async () => {
    await start();
    const stepped = await ann.stepUp();
    await proofFor(ann, stepped.challengeId);
    expectProblem(await ann.repeat(PAYOUT, stepped), 410, 'challenge_gone');
    expect(sample.bank.handlers).toEqual([]);
  });

  it.each([
    [PAYOUT_SECONDS - 1, 201],
    [PAYOUT_SECONDS, 410],
    [PAYOUT_SECONDS + 1, 410],
  ])('A2 case 17 after %d s of 180 the code answers %d', async (seconds, status) => {
    await start();
    const stepped = await ann.stepUp();
    sample.otp.clock.advanceSeconds(seconds);
    expect((await ann.repeat(PAYOUT, stepped)).status).toBe(status);
    expect(sample.bank.handlers).toHaveLength(status === 201 ? 1 : 0);
  });

  it('A5 case 18 after a resend the old code is wrong', async () => {
    await start();
    const stepped = await ann.stepUp();
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    await ann.otpRoutes.resend(stepped.challengeId);
    expectProblem(await ann.repeat(PAYOUT, stepped), 422, 'incorrect_code');
    expect((await ann.repeat(PAYOUT, { ...stepped, code: ann.code() })).status).toBe(201);
  });

  it('A4 case 19 a code for a login pays nothing, nor does its proof, and the code for a payment signs nobody in', async () => {
    await start();
    const login = await ann.otpRoutes.start(NUMBER, 'login');
    expectProblem(await ann.repeat(PAYOUT, login), 410, 'challenge_gone');
    const proof = textMember(await ann.otpRoutes.verify(login.challengeId, login.code), 'proof');
    expectProblem(await withProof(ann, BY_PROOF, proof), 401, 'insufficient_proof');
    const payment = await ann.proveFor(PAYOUT);
    const signIn = { method: 'POST', path: '/sessions' };
    expectProblem(await withProof(sample.client(), signIn, payment), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual([]);
  });

  it('A4 case 20 what Eve has proved of her own number is worth nothing in Ann’s session', async () => {
    await start();
    const own = await eve.stepUp();
    expectProblem(await ann.repeat(PAYOUT, own), 410, 'challenge_gone');
    const proof = await proofFor(eve, own.challengeId);
    expectProblem(await withProof(ann, BY_PROOF, proof), 401, 'insufficient_proof');
    expectProblem(await withProof(ann, PAYOUT, proof), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual([]);
  });

  it('A4 case 20 what Ann has proved is worth nothing in Eve’s session', async () => {
    await start();
    const victims = await ann.stepUp();
    expectProblem(await eve.repeat(PAYOUT, victims), 410, 'challenge_gone');
    const proof = await proofFor(ann, victims.challengeId);
    expectProblem(await withProof(eve, BY_PROOF, proof), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual([]);
    expect((await withProof(ann, PAYOUT, proof)).status).toBe(201);
  });

  it('B1 case 21 a stolen challenge id without the code: five guesses at the built-in route, and no proof', async () => {
    await start();
    const { challengeId, code } = await ann.stepUp();
    const guesses = Array.from({ length: 8 }, (_, n) => String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0'));
    const statuses: number[] = [];
    for (const guess of guesses) {
      statuses.push((await eve.otpRoutes.verify(challengeId, guess)).status);
    }
    expect(statuses).toEqual([422, 422, 422, 422, 422, 410, 410, 410]);
    expect(sample.bank.handlers).toEqual([]);
  });

  it('A4 case 21 with codes bound to sessions, a stolen id and its code are worth nothing in another session', async () => {
    await start();
    sample.bank.bindsSessions = true;
    const stepped = await ann.stepUp();
    expectProblem(await sample.client('ann').repeat(PAYOUT, stepped), 422, 'incorrect_code');
    expectProblem(await eve.otpRoutes.verify(stepped.challengeId, stepped.code), 422, 'incorrect_code');
    expect(sample.bank.handlers).toEqual([]);
    expect((await ann.repeat(PAYOUT, stepped)).status).toBe(201);
  });

  it('A4 case 23 the amount is changed after the code was sent', async () => {
    await start();
    const stepped = await ann.stepUp();
    const changed = { ...PAYOUT, body: { ...TRANSFER, amount: '9000.00' } };
    expectProblem(await ann.repeat(changed, stepped), 422, 'incorrect_code');
    const proof = await proofFor(ann, stepped.challengeId);
    expectProblem(await withProof(ann, changed, proof), 401, 'insufficient_proof');
    expectProblem(await withProof(ann, { ...changed, path: '/payouts/proof' }, proof), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual([]);
  });

  it('A4 case 23 the service tells what was signed, and takes nothing else', async () => {
    await start();
    const otp = sample.otp.app.get(OtpService);
    const { challengeId, code } = await ann.stepUp();
    const verify = (amount: string) =>
      otp.verify({ purpose: 'payout', challengeId, code, binding: { ...TRANSFER, amount }, client: 'none' });
    expect(await verify('9000.00')).toEqual({ outcome: 'incorrect_code', attemptsRemaining: 4 });
    expect(await verify('12.00')).toMatchObject({ outcome: 'verified', binding: TRANSFER });
  });

  it('case 24 a request that says it is verified is not', async () => {
    await start();
    const { challengeId } = await ann.stepUp();
    const proven = { verified: true, otp: { challengeId, verified: true }, phoneNumber: NUMBER, proof: {} };
    const attempts: readonly HttpCall[] = [
      { ...PAYOUT, body: { ...TRANSFER, ...proven } },
      { ...PAYOUT, path: '/payouts?verified=true&otp-proof=x&OTP-Challenge=x&OTP-Code=123456' },
      { ...PAYOUT, headers: { 'X-OTP-Verified': 'true', 'OTP-Verified': 'true', 'X-Verified-Phone': NUMBER } },
      { ...PAYOUT, headers: { Authorization: 'Bearer verified' } },
    ];
    for (const attempt of attempts) {
      expectProblem(await ann.call(attempt), 401, 'otp_required');
    }
    expect(sample.bank.handlers).toEqual([]);
    expect(sample.otp.transport.messages).toHaveLength(1);
  });

  it('case 25 a proof is used once, and not beyond its time', async () => {
    await start();
    const used = await ann.proveFor(PAYOUT);
    expect((await withProof(ann, PAYOUT, used)).status).toBe(201);
    expectProblem(await withProof(ann, PAYOUT, used), 401, 'insufficient_proof');
    const kept = await ann.proveFor(PAYOUT);
    sample.otp.clock.advanceSeconds(PROOF_SECONDS + CLOCK_TOLERANCE_SECONDS);
    expectProblem(await withProof(ann, PAYOUT, kept), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual(['pay']);
  });

  it('A5 case 28 a right code races a resend: one of them wins as a whole', async () => {
    await start();
    const stepped = await ann.stepUp();
    sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
    const [paid, resent] = await Promise.all([ann.repeat(PAYOUT, stepped), ann.otpRoutes.resend(stepped.challengeId)]);
    if (paid.status === 201) {
      expectProblem(resent, 410, 'challenge_gone');
      expect(sample.otp.transport.messages).toHaveLength(1);
    } else {
      expect([paid.status, resent.status]).toEqual([422, 200]);
      expect(sample.bank.handlers).toEqual([]);
      expect((await ann.repeat(PAYOUT, { ...stepped, code: ann.code() })).status).toBe(201);
    }
    expect(sample.bank.handlers).toEqual(['pay']);
  });

  it.each([
    ['number', { phoneNumber: OTHER_NUMBER }],
    ['account', { subject: 'user-other' }],
  ])('D4 case 29 with another %s since then, code and proof are worth nothing', async (_name, change) => {
    await start();
    const stepped = await ann.stepUp();
    sample.bank.change('ann', change);
    expectProblem(await ann.repeat(PAYOUT, stepped), 410, 'challenge_gone');
    const verified = await ann.otpRoutes.verify(stepped.challengeId, stepped.code);
    const proof = textMember(verified, 'proof');
    expectProblem(await withProof(ann, BY_PROOF, proof), 401, 'insufficient_proof');
    expect(sample.bank.handlers).toEqual([]);
  });
});

describe('case 22 another application’s codes and proofs, with the same secrets and on one Redis', () => {
  let mine: Sample;
  let theirs: Sample;

  afterEach(async () => {
    await mine.otp.close();
    await theirs.otp.close();
  });

  it('are worth nothing', async () => {
    [mine, theirs] = [await startSample(TWO_INSTANCES), await startSample(TWO_INSTANCES)];
    const [here, there] = [mine.client('ann'), theirs.client('ann')];
    const stepped = await there.stepUp();
    expectProblem(await here.repeat(PAYOUT, stepped), 410, 'challenge_gone');
    expectProblem(await here.otpRoutes.verify(stepped.challengeId, stepped.code), 410, 'challenge_gone');
    const proof = textMember(await there.otpRoutes.verify(stepped.challengeId, stepped.code), 'proof');
    const headers = { 'OTP-Proof': proof };
    expectProblem(await here.call({ ...BY_PROOF, headers }), 401, 'insufficient_proof');
    expectProblem(await here.call({ ...PAYOUT, headers }), 401, 'insufficient_proof');
    expect(mine.bank.handlers).toEqual([]);
    expect((await there.call({ ...PAYOUT, headers })).status).toBe(201);
  });
});
