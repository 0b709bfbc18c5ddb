import type { ChallengeStore, LimitRequest, LimitStore, MarkStore, OtpStore } from 'nestjs-sms-otp';

/*
 * Stores with one guard taken out each: what is atomic in the real one is a look and, later, a write that asks nothing.
 * The look waits for others that look, at whatever instance, so that the race which the guard exists for happens every
 * time.
 */

/** Puts a flawed store between the module and Redis, one for each instance. */
export type StoreWrapper = (store: OtpStore) => OtpStore;

/** Consumes what it found, whoever consumed it meanwhile. Two at least come to see the challenge live. */
export function withoutConditionalConsume(): StoreWrapper {
  const together = gathering(2);
  return (store) => {
    const { challenges } = store;
    return withChallenges(store, {
      async replaceIf(ref, generation, replacement) {
        if (replacement.kind !== 'none') {
          return challenges.replaceIf(ref, generation, replacement);
        }
        const found = await challenges.find(ref);
        await together();
        await challenges.replaceIf(ref, generation, replacement);
        return found === undefined
          ? { outcome: 'stale', live: false }
          : { outcome: 'replaced', expiresAt: found.expiresAt };
      },
    });
  };
}

/** Counts attempts by what it read before. Ten at least read the same number of attempts left. */
export function withoutReservedAttempts(): StoreWrapper {
  const together = gathering(10);
  return (store) => {
    const { challenges } = store;
    return withChallenges(store, {
      async reserveAttempt(ref, requests) {
        const found = await challenges.find(ref);
        if (found === undefined) {
          return { outcome: 'gone' };
        }
        if (found.attemptsRemaining < 1) {
          return { outcome: 'exhausted' };
        }
        await together();
        await challenges.reserveAttempt(ref, requests);
        return { outcome: 'reserved', challenge: found, charges: [], usedUp: [] };
      },
    });
  };
}

/** Asks the limits first and takes afterwards, without asking again. Two at least are told yes. */
export function withoutAtomicLimits(): StoreWrapper {
  const together = gathering(2);
  return (store) => {
    const { limits } = store;
    const take: LimitStore['take'] = async (requests) => {
      const answer = await limits.take(requests.map((request) => ({ ...request, take: false })));
      if (answer.outcome !== 'taken') {
        return answer;
      }
      await together();
      const admitting = requests.filter((request) => request.take).map((request) => withoutLimits(request));
      return limits.take(admitting);
    };
    return { ...store, limits: replacing(limits, { take }) };
  };
}

/** The value of a spent proof's mark. */
const isSpent = (value: string) => value === '1';
/** That of a receipt's is the call's own: 64 bits in base64url. */
const isReceipt = (value: string) => /^[\w-]{11}$/.test(value);

/** Looks whether a proof was spent, and marks it later. Two at least find that it was not. */
export const withoutSpentProofs = () => withoutOnceOnly(isSpent);

/** The same for receipts that were told. */
export const withoutToldReceipts = () => withoutOnceOnly(isReceipt);

function withoutOnceOnly(isGuarded: (value: string) => boolean): StoreWrapper {
  const together = gathering(2);
  return (store) => {
    const { marks } = store;
    const putIfAbsent: MarkStore['putIfAbsent'] = async (key, value, ttlSeconds) => {
      if (!isGuarded(value)) {
        return marks.putIfAbsent(key, value, ttlSeconds);
      }
      const before = await marks.get(key);
      await together();
      await marks.put(key, value, ttlSeconds);
      return before;
    };
    return { ...store, marks: replacing(marks, { putIfAbsent }) };
  };
}

/** Takes without asking; what was known and what failed stays as it was. */
function withoutLimits(request: LimitRequest): LimitRequest {
  if ('tally' in request) {
    const { key, tally, amount, take } = request;
    return { key, tally, amount, budgets: [], take };
  }
  const { key, lane = 'public', log, take } = request;
  return { key, lane, log, windows: [], take };
}

/** The store, but for some methods of its challenges. */
export function withChallenges(store: OtpStore, replaced: Partial<ChallengeStore>): OtpStore {
  return { ...store, challenges: replacing(store.challenges, replaced) };
}

function replacing<T extends object>(port: T, replaced: Partial<T>): T {
  return new Proxy(port, {
    get(target, member) {
      const own: unknown = Reflect.get(replaced, member);
      const value: unknown = own ?? Reflect.get(target, member);
      return typeof value === 'function'
        ? (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args)
        : value;
    },
  });
}

/** Holds back everybody until `size` have come; from then on nobody. */
export function gathering(size: number): () => Promise<void> {
  let come = 0;
  let release: () => void = () => undefined;
  const complete = new Promise<void>((resolve) => (release = resolve));
  return () => {
    come += 1;
    if (come === size) {
      release();
    }
    return complete;
  };
}
