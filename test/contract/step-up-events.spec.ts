import { OtpAdmin, type OtpEvent } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IN_MEMORY } from '../support/deployments.js';
import { NUMBER, type HttpCall, wrongCode } from '../support/http.js';
import { codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';

const post = (path: string, body: unknown = TRANSFER): HttpCall => ({ method: 'POST', path, body });
const PAYOUT = post('/payouts');
const LIMITS = post('/settings/limits', {});
const COOLDOWN_SECONDS = 30;

/** What the guards tell operators; nothing of it is for clients. */
describe.each(IN_MEMORY)('what guards tell, on $name', (deployment) => {
  let sample: Sample;
  let ann: SampleClient;
  let told: number;

  beforeEach(async () => {
    sample = await startSample(deployment);
    ann = sample.client('ann');
    told = 0;
  });

  afterEach(() => sample.otp.close());

  const forget = () => (told = sample.events.length);
  const newEvents = (): readonly OtpEvent[] => sample.events.slice(told);
  const withProof = ({ headers, ...call }: HttpCall, proof: string, who = ann) =>
    who.call({ ...call, headers: { ...headers, 'OTP-Proof': proof } });
  const later = (seconds = COOLDOWN_SECONDS) => sample.otp.clock.advanceSeconds(seconds);

  it('K1 a code on the spot: issued, failed, verified, in the lane of who is vouched for', async () => {
    const { challengeId, code } = await ann.stepUp();
    await ann.pay(TRANSFER, codeHeaders({ challengeId, code: wrongCode(code) }));
    await ann.pay({ ...TRANSFER, amount: '13.00' }, codeHeaders({ challengeId, code }));
    await ann.pay(TRANSFER, codeHeaders({ challengeId, code }));
    const about = { purpose: 'payout', lane: 'vouched', destination: '+31*******78', country: 'NL' };
    expect(sample.events).toMatchObject([
      { ...about, type: 'delivery.accepted' },
      { ...about, type: 'challenge.issued' },
      { ...about, type: 'challenge.failed', reason: 'wrong_code', attemptsRemaining: 4 },
      { ...about, type: 'challenge.failed', reason: 'wrong_binding', attemptsRemaining: 3 },
      { ...about, type: 'challenge.verified' },
    ]);
    const refs = sample.events.map((event) => ('challengeRef' in event ? event.challengeRef : ''));
    expect(new Set(refs).size).toBe(1);
  });

  it('K1 a proof that opens is accepted', async () => {
    const proof = await ann.proveFor(PAYOUT);
    forget();
    await withProof(PAYOUT, proof);
    expect(newEvents()).toMatchObject([{ type: 'proof.accepted', purpose: 'payout', destination: '+31*******78' }]);
  });

  it('C1 asking again for a live challenge is nothing new', async () => {
    await ann.stepUp();
    forget();
    await ann.pay();
    expect(newEvents()).toEqual([]);
  });

  const refusals: readonly (readonly [reason: string, purpose: string, provoke: () => Promise<unknown>])[] = [
    ['missing', 'payout', () => ann.call(post('/payouts/proof'))],
    ['invalid', 'payout', () => withProof(post('/payouts/proof'), 'x')],
    [
      'expired',
      'payout',
      async () => {
        const proof = await ann.proveFor(PAYOUT);
        later(606);
        await withProof(post('/payouts/proof'), proof);
      },
    ],
    ['wrong_purpose', 'payout', async () => withProof(post('/payouts/proof'), await ann.proveFor(LIMITS))],
    ['wrong_binding', 'payout', async () => withProof(post('/payouts/proof'), await ann.proveFor(PAYOUT))],
    [
      'too_old',
      'confirm',
      async () => {
        const proof = await ann.proveFor(LIMITS);
        later(121);
        await withProof(LIMITS, proof);
      },
    ],
    [
      'used',
      'payout',
      async () => {
        const proof = await ann.proveFor(PAYOUT);
        await withProof(PAYOUT, proof);
        await withProof(PAYOUT, proof);
      },
    ],
    [
      'revoked',
      'payout',
      async () => {
        const proof = await ann.proveFor(PAYOUT);
        await sample.otp.app.get(OtpAdmin).revokeProofs(NUMBER, { actor: 'support' });
        await withProof(PAYOUT, proof);
      },
    ],
    ['not_the_caller', 'payout', async () => withProof(PAYOUT, await ann.proveFor(PAYOUT), sample.client('eve'))],
    ['no_caller', 'confirm', () => ann.post('/orders/wrong')],
  ];

  it.each(refusals)('K1 a proof that is refused: %s', async (reason, purpose, provoke) => {
    await provoke();
    const refused = sample.events.filter(({ type }) => type === 'proof.refused');
    expect(refused).toMatchObject([{ purpose, reason }]);
    expect(sample.bank.handlers).toHaveLength(reason === 'used' ? 1 : 0);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['invalid_code', () => ann.pay(TRANSFER, codeHeaders({ challengeId: 'x', code: 'x' }))],
    ['challenge_gone', () => ann.pay(TRANSFER, codeHeaders({ challengeId: 'x', code: '123456' }))],
    ['wrong_purpose', async () => ann.repeat(LIMITS, await ann.stepUp())],
    ['not_the_caller', async () => sample.client('eve').pay(TRANSFER, codeHeaders(await ann.stepUp()))],
    ['not_the_caller', async () => sample.client('ben').pay(TRANSFER, codeHeaders(await ann.stepUp()))],
  ])('K1 a code that is not compared: %s', async (reason, provoke) => {
    await provoke();
    const refused = sample.events.filter(({ type }) => type === 'answer.refused');
    expect(refused).toMatchObject([{ reason }]);
  });

  it('A6 nothing of what a code stands for is in an event', async () => {
    const secret = { amount: '4711.23', payee: 'DE89370400440532013000' };
    const stepped = await ann.stepUp({ ...PAYOUT, body: secret });
    await ann.pay({ ...secret, amount: '4711.24' }, codeHeaders(stepped));
    await ann.pay(secret, codeHeaders(stepped));
    const proof = await (later(), ann.proveFor({ ...PAYOUT, body: secret }));
    await withProof({ ...PAYOUT, body: secret }, proof);
    const all = JSON.stringify(sample.events);
    for (const hidden of [
      '4711',
      'DE89',
      '370400',
      'user-ann',
      NUMBER.slice(3),
      stepped.challengeId,
      stepped.code,
      proof,
    ]) {
      expect(all).not.toContain(hidden);
    }
  });
});
