import type { OtpStore } from 'nestjs-sms-otp';
import { gathering, type StoreWrapper, withChallenges } from './unguarded-store.js';

export type Change = 'consume' | 'resend';

export interface Referee {
  readonly wrapStore: StoreWrapper;
  /** The next two changes wait for each other; then `first` is made, and the other after it. */
  letWin(first: Change): void;
}

/** Decides the order in which a right answer and a resend reach the store, at whatever instance. */
export function createReferee(): Referee {
  let turn: (change: Change) => Promise<() => void> = () => Promise.resolve(() => undefined);

  return {
    letWin(first) {
      const together = gathering(2);
      let firstIsMade: () => void = () => undefined;
      const made = new Promise<void>((resolve) => (firstIsMade = resolve));
      turn = async (change) => {
        await together();
        if (change !== first) {
          await made;
        }
        return firstIsMade;
      };
    },
    wrapStore: (store: OtpStore) =>
      withChallenges(store, {
        async replaceIf(ref, generation, replacement) {
          const isChange = replacement.kind !== 'delivery';
          const done = isChange ? await turn(replacement.kind === 'none' ? 'consume' : 'resend') : () => undefined;
          const result = await store.challenges.replaceIf(ref, generation, replacement);
          done();
          return result;
        },
      }),
  };
}
