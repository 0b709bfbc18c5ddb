import { setImmediate } from 'node:timers/promises';
import type { OtpStore } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { effort } from '../support/effort.js';
import { withChallenges, withoutConditionalConsume, withoutReservedAttempts } from '../support/unguarded-store.js';
import { lostRightAnswers } from './lost-answers.js';
import { playFault } from './play-fault.js';
import type { Site } from './site.js';

const REPEATED_FOR_MS = 2_000;

const nothing = { title: 'nothing', strike: () => undefined };
const lostAnswers = {
  title: 'answers lost',
  strikes: effort(12, 60),
  strike: ({ line }: Site) => line.loseNextAnswer(),
};

/** A right code whose answer got lost, asked again, looks like somebody else's. */
const withoutNonce = (store: OtpStore): OtpStore =>
  withChallenges(store, {
    replaceIf(ref, generation, replacement) {
      if (replacement.kind !== 'none') {
        return store.challenges.replaceIf(ref, generation, replacement);
      }
      const { nonce: _, ...rest } = replacement;
      return repeated(() => store.challenges.replaceIf(ref, generation, rest));
    },
  });

/** As a client that sends again by itself what got no answer (`autoResendUnfulfilledCommands`). */
const withRepeatedScripts = (store: OtpStore): OtpStore => ({
  ...store,
  limits: new Proxy(store.limits, {
    get(target, member) {
      const value: unknown = Reflect.get(target, member);
      return typeof value === 'function'
        ? (...args: readonly unknown[]) => repeated(async (): Promise<unknown> => Reflect.apply(value, target, args))
        : value;
    },
  }),
  challenges: withChallenges(store, {
    reserveAttempt: (ref, requests) => repeated(() => store.challenges.reserveAttempt(ref, requests)),
  }).challenges,
});

async function repeated<T>(call: () => Promise<T>): Promise<T> {
  const giveUp = AbortSignal.timeout(REPEATED_FOR_MS);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (giveUp.aborted) {
        throw error;
      }
      await setImmediate();
    }
  }
}

describe('the ledger notices a guard that is gone', { timeout: effort(60_000, 300_000) }, () => {
  for (const [title, complaint, fault] of [
    ['the conditional consume', 'accepted twice', { ...nothing, wrapStore: withoutConditionalConsume() }],
    ['reserved attempts', 'codes compared', { ...nothing, wrapStore: withoutReservedAttempts() }],
    ['the nonce of a right code', 'a right code was refused', lostRightAnswers(withoutNonce)],
    ['never repeating a counting script', 'counted twice', { ...lostAnswers, wrapStore: withRepeatedScripts }],
  ] as const) {
    it(`without ${title}: ${complaint}`, async () => {
      const { broken } = await playFault(fault);
      expect(
        broken.some((one) => one.includes(complaint)),
        broken.join('\n'),
      ).toBe(true);
    });
  }
});
