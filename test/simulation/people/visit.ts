import type { Random } from '../engine/random.js';
import { type Actor, MINUTE, SECOND, type Stage } from '../engine/stage.js';
import type { HonestMeasures } from '../measures.js';
import type { Browser, SendAnswer, Sent, Service } from '../services/service.js';
import type { Person } from '../world/population.js';

export interface VisitContext {
  readonly stage: Stage;
  readonly service: Service;
  readonly measures: HonestMeasures;
  /** Whether a message to this country that is sent now ever arrives. */
  readonly arrives: (countryCode: string) => boolean;
}

/** How people behave; the shares of `HABITS` are those of a service where about 88 % of the messages are answered. */
export interface Habits {
  /** Leave without answering, though the message came. */
  readonly leaves: number;
  /** The message never comes. */
  readonly isLost: number;
  /** Signing up only: the number has a wrong digit, so a stranger gets the message. */
  readonly mistypesNumber: number;
  /** Mistype the code the first time. */
  readonly mistypesCode: number;
  /** Median time to enter the code, delivery included, and how much it scatters. */
  readonly answerMedianMs: number;
  readonly answerSigma: number;
  /** When no message comes: press the button that offers another. */
  readonly asksAgain: number;
  /** When the page offers none any more: begin anew. */
  readonly beginsAnew: number;
}

export const HABITS: Habits = {
  leaves: 0.06,
  isLost: 0.03,
  mistypesNumber: 0.03,
  mistypesCode: 0.06,
  answerMedianMs: 22 * SECOND,
  answerSigma: 0.7,
  asksAgain: 0.75,
  beginsAnew: 0.5,
};

export interface Visit {
  readonly person: Person;
  readonly ip: string;
  readonly isSignUp: boolean;
  readonly random: Random;
  readonly habits: Habits;
}

/** One login, from the first message asked for to the right code or to giving up. */
export async function* visit(context: VisitContext, { person, ip, isSignUp, random, habits }: Visit): Actor {
  const { measures, service, stage } = context;
  const { browser } = person;
  const beganAt = stage.now;
  const isLeaving = random.chance(habits.leaves);
  const isMistyped = isSignUp && random.chance(habits.mistypesNumber);
  let number = isMistyped ? mistyped(person.number, random) : person.number;
  let sent: Sent | undefined;
  let right = false;

  while (!right) {
    const live = sent;
    sent = yield* ask(context, random, () =>
      live !== undefined && live.sendsRemaining > 0
        ? service.resend({ challengeId: live.challengeId, number, ip, browser })
        : service.issue({ number, ip, browser }),
    );
    if (sent === undefined) {
      break;
    }
    const arrives = number === person.number && !random.chance(habits.isLost) && context.arrives(person.country.code);
    if (arrives && isLeaving) {
      break;
    }
    if (arrives) {
      yield stage.now + random.logNormal(habits.answerMedianMs, habits.answerSigma);
      right = yield* enterCode(context, { sent, ip, random, habits, browser });
    }
    if (!right) {
      // Waits for the countdown, and longer: some look into their messages, some are in no hurry.
      yield stage.now + (arrives ? 0 : Math.max(sent.resendAfterMs, random.logNormal(45 * SECOND, 0.5))) + 2 * SECOND;
      if (!random.chance(sent.sendsRemaining > 0 ? habits.asksAgain : habits.beginsAnew)) {
        break;
      }
      if (number !== person.number) {
        // Sees the mistake, and begins anew.
        number = person.number;
        sent = undefined;
      } else if (arrives) {
        sent = undefined;
      }
    }
  }
  measures.login(beganAt, right);
}

/** Asks for a message until it is sent; waits as told, as long as patience lasts. */
async function* ask(
  { measures, stage }: VisitContext,
  random: Random,
  request: () => Promise<SendAnswer>,
): Actor<Sent | undefined> {
  const askedAt = stage.now;
  const patienceMs = random.logNormal(4 * MINUTE, 1);
  let cooldown = false;
  let refused: { readonly by: string; readonly at: number } | undefined;
  for (let tries = 0; ; tries += 1) {
    const answer = await request();
    if (answer.outcome === 'sent') {
      tell(false, refused === undefined ? 0 : stage.now - refused.at);
      return answer;
    }
    if (answer.limit === 'challenge_gone' || answer.limit === 'attempts_exhausted') {
      return undefined;
    }
    if (answer.limit.includes('cooldown')) {
      cooldown = true;
    } else {
      refused ??= { by: answer.limit, at: stage.now };
    }
    if (tries >= 4 || (refused !== undefined && stage.now + answer.retryAfterMs - refused.at > patienceMs)) {
      tell(true, refused === undefined ? 0 : stage.now + answer.retryAfterMs - refused.at);
      return undefined;
    }
    yield stage.now + answer.retryAfterMs + random.exponential(3 * SECOND);
  }

  function tell(gaveUp: boolean, waitMs: number): void {
    measures.ask(askedAt, { ...(refused === undefined ? {} : { refusedBy: refused.by }), cooldown, waitMs, gaveUp });
  }
}

interface Answering extends Pick<Visit, 'ip' | 'random' | 'habits'> {
  readonly sent: Sent;
  readonly browser: Browser | undefined;
}

async function* enterCode(
  { measures, service, stage }: VisitContext,
  { sent, ip, random, habits, browser }: Answering,
): Actor<boolean> {
  const { challengeId, code } = sent;
  const typed = random.chance(habits.mistypesCode) ? [mistyped(code, random), code] : [code];
  for (const attempt of typed) {
    const outcome = await service.verify({ challengeId, code: attempt, ip, browser });
    if (outcome === 'right') {
      return true;
    }
    if (outcome === 'throttled') {
      measures.answerRefused(stage.now);
      return false;
    }
    if (outcome === 'over') {
      return false;
    }
    yield stage.now + random.logNormal(8 * SECOND, 0.4);
  }
  return false;
}

/** Another digit in one of the last places. */
function mistyped(digits: string, random: Random): string {
  const place = digits.length - random.between(1, 4);
  const wrong = (Number(digits[place]) + random.between(1, 9)) % 10;
  return `${digits.slice(0, place)}${wrong}${digits.slice(place + 1)}`;
}
