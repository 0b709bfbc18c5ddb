import type { Exchange, Ledger } from './ledger.js';
import { RULES } from './rules.js';
import { SPEED } from './running-clock.js';

/** How much of a number's state the fault may have taken. */
export type Loss = 'nothing' | 'some' | 'all';

export interface NumberUsed {
  readonly sends: number;
  readonly wrongCodes: number;
}

export interface Case {
  readonly ledger: Ledger;
  readonly loss: Loss;
  /** Place in the order at which the data was lost. */
  readonly lostAt?: number | undefined;
  /** How often. */
  readonly losses?: number;
  /** The fault is in a part that the module has no answer for: its error reaches the caller. */
  readonly mayThrow?: boolean;
  /** What the store says of each number at the end. */
  readonly used: ReadonlyMap<string, NumberUsed>;
}

export interface Verdict {
  readonly operations: number;
  readonly refused: number;
  readonly accepted: number;
  readonly acceptedTwice: number;
  /** Wrong codes and messages that people saw and the store does not count. */
  readonly countsLost: number;
  readonly longestMs: number;
  /** Every promise that was broken, in words. */
  readonly broken: readonly string[];
}

const CLEAR: ReadonlySet<string> = new Set([
  'issued',
  'resent',
  'verified',
  'cancelled',
  'incorrect_code',
  'challenge_gone',
  'attempts_exhausted',
  'throttled',
  'store_unavailable',
  'busy',
  'delivery_failed',
  // Of a process that was killed: nobody is there to say anything.
  'no_answer',
]);
const REFUSED: ReadonlySet<string> = new Set(['store_unavailable', 'busy', 'delivery_failed']);
/** Of a lifetime that ends while an answer is under way, nobody can say which came first. */
const SPARE_MS = 60_000;
/** What was asked may have happened all the same. */
const DOUBTFUL: ReadonlySet<string> = new Set(['store_unavailable', 'no_answer', 'thrown']);

export function judge(hearing: Case): Verdict {
  const { exchanges } = hearing.ledger;
  const byChallenge = grouped(exchanges, ({ challengeId }) => challengeId);
  const challenges = [...byChallenge.values()];
  const accepted = exchanges.filter(({ outcome }) => outcome === 'verified');
  const twice = challenges.filter((asked) => count(asked, 'verified') > 1);
  const counts = countsOf(hearing);
  return {
    operations: exchanges.length,
    refused: exchanges.filter(({ outcome }) => REFUSED.has(outcome)).length,
    accepted: accepted.length,
    acceptedTwice: twice.length,
    countsLost: counts.lost,
    longestMs: Math.max(0, ...exchanges.map(({ tookMs }) => tookMs)),
    broken: [
      ...exchanges
        .filter(({ outcome }) => !CLEAR.has(outcome) && !(hearing.mayThrow === true && outcome === 'thrown'))
        .map((one) => `unclear answer: ${one.operation} ${one.detail}`),
      ...twice.map((asked) => `accepted twice: ${describe(asked)}`),
      ...challenges.flatMap(wronglyAccepted),
      ...challenges.flatMap(renewedAttempts),
      ...challenges.flatMap((asked) => wronglyRefused(asked, hearing)),
      ...challenges.flatMap((asked) => outlivedItsCounts(asked, hearing)),
      ...comparedTooOften(hearing.ledger),
      ...counts.broken,
    ],
  };
}

/** A right code wins alone: it was the newest, nobody cancelled, its time was not over and attempts were left. */
function wronglyAccepted(asked: readonly Exchange[]): string[] {
  return asked
    .filter(({ outcome }) => outcome === 'verified')
    .flatMap((one) => {
      const sends = asked.filter(({ outcome }) => outcome === 'issued' || outcome === 'resent');
      const newest = sends.toSorted((a, b) => a.began - b.began).at(-1);
      const over = asked.filter(({ outcome, ended }) => outcome === 'attempts_exhausted' && ended < one.began);
      const wrong = asked.filter(({ outcome, ended }) => outcome === 'incorrect_code' && ended < one.began);
      return [
        newest?.sentCode !== one.code && 'accepted although not the newest code',
        count(asked, 'cancelled') > 0 && 'accepted although cancelled',
        newest?.expiresAt !== undefined && one.askedAt > newest.expiresAt && 'accepted after its lifetime',
        over.length > 0 && 'accepted after its attempts',
        wrong.length >= RULES.maxAttempts && 'accepted after too many wrong codes',
      ].flatMap((why) => (why === false ? [] : [`${why}: ${describe(asked)}`]));
    });
}

/** Each wrong code that was answered is gone for good; where the count is lost, so is its challenge. */
function renewedAttempts(asked: readonly Exchange[]): string[] {
  const wrong = asked.filter(({ outcome }) => outcome === 'incorrect_code');
  return wrong
    .filter(({ began, attemptsRemaining = 0 }) => {
      const before = wrong.filter(({ ended }) => ended < began).length;
      return attemptsRemaining > RULES.maxAttempts - before - 1;
    })
    .map(() => `attempts came back: ${describe(asked)}`);
}

/** Nothing but the first answer stood against it: whoever has the newest code is let in. */
function wronglyRefused(asked: readonly Exchange[], { loss }: Case): string[] {
  const isSimple = asked.every(({ operation, outcome }) =>
    operation === 'verify' ? !DOUBTFUL.has(outcome) : outcome === 'issued' || outcome === 'resent',
  );
  const newest = asked.findLast(({ outcome }) => outcome === 'issued' || outcome === 'resent');
  const right = asked.filter(({ code }) => code !== undefined && code === newest?.sentCode);
  const inTime = right.filter(({ askedAt, tookMs }) => askedAt + tookMs * SPEED + SPARE_MS < (newest?.expiresAt ?? 0));
  const isRefused =
    inTime.length > 0 && right.every(({ outcome }) => outcome === 'challenge_gone' || outcome === 'incorrect_code');
  return loss === 'nothing' && isSimple && isRefused ? [`a right code was refused: ${describe(asked)}`] : [];
}

/** A challenge whose counts are lost is lost with them, or its attempts would begin anew. */
function outlivedItsCounts(asked: readonly Exchange[], { lostAt }: Case): string[] {
  const isOlder = asked.some(({ outcome, ended }) => outcome === 'issued' && ended < (lostAt ?? 0));
  const later = asked.filter(
    ({ outcome, began }) => began > (lostAt ?? Number.POSITIVE_INFINITY) && outcome === 'verified',
  );
  return isOlder && later.length > 0 ? [`accepted although its counts were lost: ${describe(asked)}`] : [];
}

function comparedTooOften({ compared, challengeOfHash }: Ledger): string[] {
  const byChallenge = new Map<string, number>();
  for (const [hash, times] of compared) {
    const challenge = challengeOfHash.get(hash) ?? 'a hash that nobody stored';
    byChallenge.set(challenge, (byChallenge.get(challenge) ?? 0) + times);
  }
  return [...byChallenge]
    .filter(([, times]) => times > RULES.maxAttempts)
    .map(([id, times]) => `${times} codes compared: ${id}`);
}

/** Both ways: nothing that happened is missing, and nothing is counted that nobody asked for. */
function countsOf({ ledger, loss, losses = 0, used }: Case): {
  readonly lost: number;
  readonly broken: readonly string[];
} {
  const byNumber = grouped(ledger.exchanges, ({ number }) => number);
  const sentTo = grouped(ledger.sent, ({ number }) => number);
  const sentBy = grouped(ledger.sent, ({ number }) => ledger.ipOf.get(number) ?? number);
  let lost = 0;
  const broken: string[] = [];
  for (const [number, { sends, wrongCodes }] of used) {
    const asked = byNumber.get(number) ?? [];
    const messages = sentTo.get(number)?.length ?? 0;
    const wrong = count(asked, 'incorrect_code');
    const missing = Math.max(0, messages - sends) + Math.max(0, wrong - wrongCodes);
    lost += missing;
    if (missing > 0 && loss === 'nothing') {
      broken.push(`counts lost: ${messages} messages, ${sends} counted; ${wrong} wrong codes, ${wrongCodes} counted`);
    }
    const asksToSend = asked.filter(({ operation }) => operation === 'issue' || operation === 'resend').length;
    const attempts = asked.filter(({ operation, outcome }) => operation === 'verify' && outcome !== 'verified').length;
    if (sends > asksToSend || wrongCodes > attempts) {
      broken.push(
        `counted twice: ${asksToSend} sends asked, ${sends} counted; ${attempts} attempts, ${wrongCodes} counted`,
      );
    }
  }
  const times = loss === 'nothing' ? 1 : losses + 1;
  const over = (sent: Map<string, readonly unknown[]>, limit: number, whose: string) =>
    [...sent.values()]
      .filter(({ length }) => loss !== 'some' && length > limit * times)
      .map(({ length }) => `${length} messages ${whose}, at most ${limit * times}`);
  return {
    lost,
    broken: [
      ...broken,
      ...over(sentTo, RULES.numberSends, 'to one number'),
      ...over(sentBy, RULES.ipSends, 'for one address'),
    ],
  };
}

/** Without those that have no key. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) {
      groups.set(key, [...(groups.get(key) ?? []), item]);
    }
  }
  return groups;
}

function count(asked: readonly Exchange[], outcome: string): number {
  return asked.filter((one) => one.outcome === outcome).length;
}

function describe(asked: readonly Exchange[]): string {
  return asked
    .toSorted((a, b) => a.began - b.began)
    .map(({ operation, outcome, began, ended }) => `${operation} ${outcome} (${began}-${ended})`)
    .join(', ');
}
