import type { OtpStore } from 'nestjs-sms-otp';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { withChallenges } from '../support/unguarded-store.js';
import type { Fault } from './play-fault.js';

type StoreWrapper = (store: OtpStore) => OtpStore;

/** Redis accepts right codes, and every third time the line breaks before it can say so. One person acts at a time. */
export function lostRightAnswers(wrapStore: StoreWrapper = (store) => store): Fault {
  return {
    title: 'the answer to a right code lost',
    atOnce: 1,
    unnoticed: true,
    strike: () => undefined,
    wrapStore: (store, line) => losingRightAnswers(wrapStore(store), line),
  };
}

function losingRightAnswers(store: OtpStore, line: TcpProxy): OtpStore {
  let rightAnswers = 0;
  return withChallenges(store, {
    replaceIf(ref, generation, replacement) {
      if (replacement.kind === 'none' && replacement.answered !== undefined) {
        rightAnswers += 1;
        if (rightAnswers % 3 === 0) {
          line.loseNextAnswer();
        }
      }
      return store.challenges.replaceIf(ref, generation, replacement);
    },
  });
}
