import { argon2id, hmacSha256 } from 'nestjs-sms-otp';
import { afterEach, describe, expect, it } from 'vitest';
import { countHashes } from '../support/counting-hasher.js';
import { DEPLOYMENTS, type Deployment, type DeploymentOptions, TWO_INSTANCES } from '../support/deployments.js';
import { type HttpAnswer, type HttpCall, wrongCode } from '../support/http.js';
import { createReferee } from '../support/ordered-store.js';
import { addressOf } from '../support/otp-instances.js';
import { challengeIdOf, codeHeaders, type SampleClient, TRANSFER } from '../support/sample-app/sample-client.js';
import { type Sample, startSample } from '../support/sample-app/start-sample.js';
import {
  type StoreWrapper,
  withoutAtomicLimits,
  withoutConditionalConsume,
  withoutSpentProofs,
  withoutReservedAttempts,
} from '../support/unguarded-store.js';

const AT_ONCE = 100;
const ATTEMPTS = 5;
const ROUNDS = 20;
const COOLDOWN_SECONDS = 30;
const PAYOUT: HttpCall = { method: 'POST', path: '/payouts', body: TRANSFER };

const withStatus = (answers: readonly HttpAnswer[], ...statuses: readonly number[]): readonly HttpAnswer[] =>
  answers.filter(({ status }) => statuses.includes(status));

/** Two instances over a store with a guard taken out. */
const unguarded = (wrapStore: StoreWrapper): Deployment => ({
  name: 'unguarded',
  start: (options: DeploymentOptions = {}) => TWO_INSTANCES.start({ ...options, wrapStore }),
});

/**
 * One hundred connections, each from an address of its own so that no limit by IP hides the race. Each race runs once more
 * over a store without the guard that it is about, to show that it is one.
 */
describe('races at guarded routes', () => {
  let sample: Sample;
  let ann: SampleClient;

  afterEach(() => sample.otp.close());

  async function start(deployment: Deployment, options: DeploymentOptions = {}): Promise<void> {
    sample = await startSample(deployment, { trustedProxies: ['loopback'], hashing: hmacSha256(), ...options });
    ann = sample.client('ann');
  }

  const fromEverywhere = (callOf: (n: number) => HttpCall): Promise<readonly HttpAnswer[]> =>
    Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => {
        const call = callOf(n);
        return ann.call({ ...call, headers: { ...call.headers, 'X-Forwarded-For': addressOf(n) } });
      }),
    );

  describe('A3 case 3 the right code, brought with the same request a hundred times at once', () => {
    async function repeatAtOnce(): Promise<readonly HttpAnswer[]> {
      const stepped = await ann.stepUp();
      return fromEverywhere(() => ({ ...PAYOUT, headers: codeHeaders(stepped) }));
    }

    async function expectOnePassed(): Promise<void> {
      const answers = await repeatAtOnce();
      expect(sample.bank.handlers).toEqual(['pay']);
      expect(withStatus(answers, 201)).toHaveLength(1);
      expect(withStatus(answers, 410, 422, 503)).toHaveLength(AT_ONCE - 1);
    }

    it.each(DEPLOYMENTS)('runs the handler once, $name', async (deployment) => {
      await start(deployment);
      await expectOnePassed();
    });

    it('runs the handler once with argon2id as well', async () => {
      await start(TWO_INSTANCES, { hashing: argon2id() });
      await expectOnePassed();
    });

    it('the race is real: without the conditional consume it runs several times', async () => {
      await start(unguarded(withoutConditionalConsume()));
      await repeatAtOnce();
      expect(sample.bank.handlers.length).toBeGreaterThan(1);
    });
  });

  it.each(DEPLOYMENTS)(
    'A3 the code on the spot and at the verify route at once: one of all succeeds, $name',
    async (deployment) => {
      await start(deployment);
      const { challengeId, code } = await ann.stepUp();
      const verify = { method: 'POST', path: `/otp/challenges/${challengeId}/verify`, body: { code } };
      const here = { ...PAYOUT, headers: codeHeaders({ challengeId, code }) };
      const answers = await fromEverywhere((n) => (n % 2 === 0 ? here : verify));
      expect(withStatus(answers, 200, 201)).toHaveLength(1);
      expect(sample.bank.handlers).toHaveLength(withStatus(answers, 201).length);
    },
  );

  describe('B3 case 23 a hundred changed amounts at once', () => {
    async function changeAtOnce(deployment: Deployment) {
      const hashing = countHashes(hmacSha256());
      await start(deployment, { hashing });
      const stepped = await ann.stepUp();
      const headers = codeHeaders(stepped);
      const answers = await fromEverywhere((n) => ({
        ...PAYOUT,
        body: { ...TRANSFER, amount: `${n + 13}.00` },
        headers,
      }));
      expect(sample.bank.handlers).toEqual([]);
      return { answers, comparisons: hashing.comparisons, afterwards: await ann.repeat(PAYOUT, stepped) };
    }

    it.each(DEPLOYMENTS)('five are compared, and then the true one is refused, $name', async (deployment) => {
      const { answers, comparisons, afterwards } = await changeAtOnce(deployment);
      expect(comparisons).toBe(ATTEMPTS);
      expect(withStatus(answers, 422)).toHaveLength(ATTEMPTS);
      expect(afterwards).toMatchObject({ status: 410, body: { code: 'attempts_exhausted' } });
    });

    it('the race is real: without reserved attempts more are compared', async () => {
      const { comparisons } = await changeAtOnce(unguarded(withoutReservedAttempts()));
      expect(comparisons).toBeGreaterThan(ATTEMPTS);
    });
  });

  describe('C1 case 50 a hundred first requests at once', () => {
    const same = () => PAYOUT;
    const different = (n: number) => ({ ...PAYOUT, body: { ...TRANSFER, amount: `${n + 1}.00` } });

    it.each(
      DEPLOYMENTS.flatMap((deployment) => [
        { ...deployment, of: 'the same transaction', callOf: same },
        { ...deployment, of: 'different transactions', callOf: different },
      ]),
    )('of $of: one message is sent, $name', async ({ callOf, ...deployment }) => {
      await start(deployment);
      const answers = await fromEverywhere(callOf);
      expect(sample.otp.transport.messages).toHaveLength(1);
      const challenges = new Set(withStatus(answers, 401).map(challengeIdOf));
      expect(challenges.size).toBe(1);
      expect(withStatus(answers, 401, 429)).toHaveLength(AT_ONCE);
      expect(sample.bank.handlers).toEqual([]);
    });

    it('the race is real: with limits that are asked first and taken later several are sent', async () => {
      await start(unguarded(withoutAtomicLimits()));
      await fromEverywhere(same);
      expect(sample.otp.transport.messages.length).toBeGreaterThan(1);
    });
  });

  describe('case 25 one proof, a hundred times at once', () => {
    async function useAtOnce(): Promise<readonly HttpAnswer[]> {
      const proof = await ann.proveFor(PAYOUT);
      return fromEverywhere(() => ({ ...PAYOUT, headers: { 'OTP-Proof': proof } }));
    }

    it.each(DEPLOYMENTS)('opens one, and the others start at most one challenge, $name', async (deployment) => {
      await start(deployment);
      const answers = await useAtOnce();
      expect(sample.bank.handlers).toEqual(['pay']);
      expect(withStatus(answers, 201)).toHaveLength(1);
      expect(withStatus(answers, 401, 429)).toHaveLength(AT_ONCE - 1);
      expect(sample.otp.transport.messages.length).toBeLessThanOrEqual(2);
    });

    it('the race is real: with proofs that are looked for first and marked later it opens several', async () => {
      await start(unguarded(withoutSpentProofs()));
      await useAtOnce();
      expect(sample.bank.handlers.length).toBeGreaterThan(1);
    });
  });

  describe('A3 A5 case 28 a right code races a resend', () => {
    /** Who won, after checking that the other got nothing. */
    async function raceOnce(): Promise<'code' | 'resend'> {
      const [ranBefore, sentBefore] = [sample.bank.ran.length, sample.otp.transport.messages.length];
      const stepped = await ann.stepUp();
      sample.otp.clock.advanceSeconds(COOLDOWN_SECONDS);
      const [paid, resent] = await Promise.all([
        ann.repeat(PAYOUT, stepped),
        ann.otpRoutes.resend(stepped.challengeId),
      ]);
      const messages = sample.otp.transport.messages.length - sentBefore;
      if (paid.status === 201) {
        expect(resent).toMatchObject({ status: 410, body: { code: 'challenge_gone' } });
        expect(messages).toBe(1);
        expect(sample.bank.ran).toHaveLength(ranBefore + 1);
        return 'code';
      }
      expect([paid.status, resent.status, messages]).toEqual([422, 200, 2]);
      expect(sample.bank.ran).toHaveLength(ranBefore);
      expect((await ann.repeat(PAYOUT, { ...stepped, code: ann.code() })).status).toBe(201);
      return 'resend';
    }

    it.each(DEPLOYMENTS)(`one of them wins as a whole, $name`, async (deployment) => {
      await start(deployment);
      const winners: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        winners.push(await raceOnce());
        sample.otp.clock.advanceSeconds(24 * 3600);
      }
      expect(winners).toHaveLength(ROUNDS);
    });

    it('whichever reaches the store first', async () => {
      const referee = createReferee();
      await start(unguarded(referee.wrapStore));
      referee.letWin('resend');
      expect(await raceOnce()).toBe('resend');
      sample.otp.clock.advanceSeconds(24 * 3600);
      referee.letWin('consume');
      expect(await raceOnce()).toBe('code');
    });
  });

  it.each(DEPLOYMENTS)(
    'B3 wrong codes from everywhere at once lock the lane, and one who guesses right then is refused, $name',
    async (deployment) => {
      await start(deployment);
      const { challengeId, code } = await ann.stepUp();
      const guess = codeHeaders({ challengeId, code: wrongCode(code) });
      const answers = await fromEverywhere(() => ({ ...PAYOUT, headers: guess }));
      const left = withStatus(answers, 422).map(({ body }) => Number(body['attemptsRemaining']));
      expect(left.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
      expect((await ann.repeat(PAYOUT, { challengeId, code })).status).toBe(410);
      expect(sample.bank.handlers).toEqual([]);
    },
  );
});
