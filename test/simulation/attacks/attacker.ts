import type { Random } from '../engine/random.js';
import { type Actor, MINUTE, SECOND, type Stage } from '../engine/stage.js';
import type { AttackMeasures } from '../measures.js';
import type { Sent, Service } from '../services/service.js';

export interface AttackContext {
  readonly stage: Stage;
  readonly service: Service;
  readonly measures: AttackMeasures;
  readonly random: Random;
  readonly endsAt: number;
  readonly costOf: (number: string) => number;
}

export interface AttackPlan {
  /** The next number; `own` ones are the attacker's, who answers what they get. */
  readonly target: () => { readonly number: string; readonly own?: boolean };
  /** The next address. */
  readonly address: () => string;
  /** Between two requests while they are admitted. */
  readonly paceMs: number;
  /** After so many refusals in a row, with other numbers and addresses each, it waits as long as the shortest told. */
  readonly tries: number;
  /** Wrong codes entered for each message. */
  readonly guesses?: number;
}

/**
 * Does what its plan says until the end, and adapts: another number and address after a refusal, a wait when all are
 * refused, and the old pace when something is admitted again.
 */
export async function* attacker(context: AttackContext, plan: AttackPlan): Actor {
  const { endsAt, measures, service, stage } = context;
  let refusals = 0;
  let shortestMs = Number.POSITIVE_INFINITY;
  while (stage.now < endsAt) {
    const { number, own = false } = plan.target();
    const ip = plan.address();
    const answer = await service.issue({ number, ip });
    if (answer.outcome === 'sent') {
      measures.sent(stage.now, context.costOf(number));
      refusals = 0;
      if (own) {
        stage.enter(stage.now, answerOwn(context, answer, ip));
      }
      if (plan.guesses !== undefined) {
        yield* guess(context, answer, ip, plan.guesses);
      }
      yield stage.now + plan.paceMs;
      continue;
    }
    measures.refused(stage.now, answer.limit);
    refusals += 1;
    shortestMs = Math.min(shortestMs, answer.retryAfterMs);
    if (refusals < plan.tries) {
      yield stage.now + Math.min(plan.paceMs, SECOND);
    } else {
      // However long the wait told is, it looks again now and then: it might be shorter for another number.
      yield stage.now + Math.min(Math.max(shortestMs, SECOND), 15 * MINUTE);
      refusals = 0;
      shortestMs = Number.POSITIVE_INFINITY;
    }
  }
}

async function* answerOwn({ random, service, stage }: AttackContext, { challengeId, code }: Sent, ip: string): Actor {
  yield stage.now + random.between(5, 25) * SECOND;
  await service.verify({ challengeId, code, ip });
}

async function* guess(
  { measures, random, service, stage }: AttackContext,
  { challengeId }: Sent,
  ip: string,
  guesses: number,
): Actor {
  for (let count = 0; count < guesses; count += 1) {
    yield stage.now + SECOND;
    const outcome = await service.verify({ challengeId, code: random.digits(6), ip });
    if (outcome === 'over' || outcome === 'throttled') {
      return;
    }
    measures.guessed(outcome === 'right');
    if (outcome === 'right') {
      return;
    }
  }
}
