import type { Budget } from '../stores/otp-store.js';
import type { BudgetSetting, YoungSetting } from './limit-settings.js';

export interface BudgetRules {
  /** Begins the names of its budgets, e.g. `country.unansweredSends`. */
  readonly name: string;
  readonly counts: Budget['counts'];
  readonly settings: readonly BudgetSetting[];
  readonly young?: YoungSetting | undefined;
  /** What a wider key may have more; default 1. */
  readonly times?: number;
  /** Counts and tells, whatever the settings say. */
  readonly observe?: boolean;
}

/** Settings as the store asks them. To be made once: the store keeps what it wrote for each list. */
export function budgetsOf({ name, counts, settings, young, times = 1, observe = false }: BudgetRules): Budget[] {
  return settings.map(({ limit, windowSeconds, share = 0, trickleSeconds, mode }) => ({
    name: `${name}.${windowSeconds}`,
    counts,
    windowSeconds,
    floor: limit * times,
    share,
    ...(young ? { young: { seconds: young.seconds, upTo: young.upTo * times, share: young.share ?? 0 } } : {}),
    ...(trickleSeconds === undefined ? {} : { trickleSeconds }),
    ...(observe || mode === 'observe' ? { observe: true } : {}),
  }));
}
