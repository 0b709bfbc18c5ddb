import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { effort } from '../support/effort.js';
import { Crowd } from './crowd.js';
import { reportFault } from './fault-row.js';
import { judge, type Loss, type Verdict } from './judge.js';
import type { Exchange } from './ledger.js';
import { RULES } from './rules.js';
import { openSite, type Site, type SiteOptions } from './site.js';
import { usedBy } from './used-by.js';

/** Something that goes wrong while people use codes. */
export interface Fault extends Partial<SiteOptions> {
  readonly title: string;
  /** A single one lasts while a part of the people act; of several each is over at once. @default 1 */
  readonly strikes?: number;
  strike(site: Site): Promise<void> | void;
  heal?(site: Site): Promise<void> | void;
  /** What Redis forgets by it. @default 'nothing' */
  readonly loses?: Loss;
  /** Nothing is answered any more while it lasts, so every answer is to come within 2 s. @default false */
  readonly lost?: boolean;
  /** How many people act at the same time. */
  readonly atOnce?: number;
  /** Its error reaches the callers. @default false */
  readonly mayThrow?: boolean;
  /** People may notice nothing at all. @default false */
  readonly unnoticed?: boolean;
}

export interface Played extends Verdict {
  readonly site: Pick<Site, 'ledger'>;
}

const PEOPLE = effort(32, 320);
const AT_ONCE = effort(16, 32);
/** Shorter in `npm test`, so that what outlasts it is over sooner. */
export const DEADLINE_MS = effort(400, 1_500);
const LONGEST_ANSWER_MS = 2_000;
const BACK_WITHIN_MS = 20_000;
/** Strikes fall while the people between these parts are done. */
const [FROM, TO] = [0.3, 0.7];

/** Plays a fault and reports it; what was broken by it fails the test. */
export async function expectToHold(fault: Fault): Promise<Played> {
  const played = await playFault(fault);
  reportFault({ fault: fault.title, ...played });
  expect(played.broken).toEqual([]);
  expect(played.accepted).toBeGreaterThan(0);
  if (fault.lost === true) {
    expect(played.longestMs).toBeLessThan(LONGEST_ANSWER_MS);
  }
  // A fault that nobody met shows nothing.
  expect(played.refused).toBeGreaterThanOrEqual(fault.unnoticed === true || fault.mayThrow === true ? 0 : 1);
  return played;
}

/** People sign in, guess and race each other at two instances; the fault comes, goes, and everything is counted. */
export async function playFault({
  strikes = 1,
  strike,
  heal,
  loses = 'nothing',
  mayThrow = false,
  atOnce = AT_ONCE,
  ...options
}: Fault): Promise<Played> {
  const site = await openSite({ commandTimeoutMs: DEADLINE_MS, ...options });
  try {
    const { ledger } = site;
    const crowd = new Crowd({ surroundings: site, people: PEOPLE, atOnce });
    const acting = crowd.act();
    let lostAt: number | undefined;
    for (let n = 1; n <= strikes; n += 1) {
      await crowd.untilDone(FROM + ((TO - FROM) * (n - 1)) / strikes);
      crowd.alarm();
      await strike(site);
      lostAt = loses === 'all' ? ledger.now : undefined;
      if (strikes === 1) {
        await crowd.untilDone(TO);
      }
      await heal?.(site);
      await expectToWorkAgain(site);
      crowd.goOn();
    }
    await acting;
    await trySpentCodes(site);
    const used = await usedBy(site);
    if (options.storeClock !== 'server') {
      await tryOldCodes(site);
    }
    return { ...judge({ ledger, loss: loses, lostAt, losses: strikes, mayThrow, used }), site };
  } finally {
    await site.close();
  }
}

/** Numbers and addresses that none of the people has. */
const STRANGERS = 1_000_000;
let strangers = STRANGERS;

/** A code asked for now is accepted, at both instances; each answer is the occasion for the next question. */
async function expectToWorkAgain(site: Site): Promise<void> {
  for (const n of [0, 1]) {
    const giveUp = AbortSignal.timeout(BACK_WITHIN_MS);
    for (;;) {
      const number = numberOf((strangers += 1));
      const started = await ask(site, { n, number, operation: 'issue' });
      const { challengeId, sentCode } = started;
      if (challengeId !== undefined && sentCode !== undefined) {
        const answer = await ask(site, { n, number, operation: 'verify', challengeId, code: sentCode });
        if (answer.outcome === 'verified') {
          break;
        }
      }
      // A store that refuses at once would let no timer run.
      await setImmediate();
      giveUp.throwIfAborted();
    }
  }
}

/** Every code that was accepted, once more at both. */
async function trySpentCodes(site: Site): Promise<void> {
  for (const { number, challengeId, code } of site.ledger.exchanges.filter(({ outcome }) => outcome === 'verified')) {
    if (challengeId !== undefined && code !== undefined) {
      await Promise.all([0, 1].map((n) => ask(site, { n, number, operation: 'verify', challengeId, code })));
    }
  }
}

/** Every code that was ever sent, when its time is over. */
async function tryOldCodes(site: Site): Promise<void> {
  site.advanceSeconds(RULES.ttlSeconds);
  for (const { number, challengeId, sentCode } of site.ledger.exchanges.slice()) {
    if (challengeId !== undefined && sentCode !== undefined) {
      await ask(site, { n: 0, number, operation: 'verify', challengeId, code: sentCode });
    }
  }
}

type Plain = { readonly n: number } & Pick<Exchange, 'operation' | 'number' | 'challengeId' | 'code'>;

function ask({ ledger, clock, door }: Site, { n, ...question }: Plain): Promise<Exchange> {
  const { operation, number, challengeId = '', code = '' } = question;
  const ip = ledger.ipOf.get(number) ?? addressOf(strangers);
  return ledger.ask(question, clock.now(), () =>
    operation === 'issue' ? door(n).issue(number, ip) : door(n).verify(challengeId, code, ip),
  );
}
