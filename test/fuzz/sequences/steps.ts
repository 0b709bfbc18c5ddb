import * as fc from 'fast-check';
import type { WireRequest } from '../wire/wire-request.js';

const PEOPLE = 2;
const CHALLENGES = 4;

/** What a client, honest or not, does next. Which challenge is meant is found when it is done. */
export type Step =
  | { readonly do: 'issue'; readonly person: number; readonly spelling: number }
  | { readonly do: 'resend' | 'status' | 'cancel'; readonly challenge: number }
  /** So many right and wrong codes at the same moment. `old`: right before a resend. */
  | {
      readonly do: 'answer';
      readonly challenge: number;
      readonly right: number;
      readonly wrong: number;
      readonly old: number;
    }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'fuzz'; readonly requests: readonly WireRequest[] };

const challenge = fc.nat(CHALLENGES - 1);

export function steps(requests: fc.Arbitrary<WireRequest>): fc.Arbitrary<readonly Step[]> {
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('issue' as const), person: fc.nat(PEOPLE - 1), spelling: fc.nat(3) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('resend' as const), challenge }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('status' as const, 'cancel' as const), challenge }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        challenge,
        right: fc.nat(1),
        wrong: fc.nat(2),
        old: fc.nat(1),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('answer' as const),
        challenge,
        right: fc.nat(6),
        wrong: fc.nat(8),
        old: fc.nat(3),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        seconds: fc.constantFrom(1, 30, 61, 119, 299, 300, 301, 3600, 86_400),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('fuzz' as const),
        requests: fc.array(requests, { minLength: 1, maxLength: 6 }),
      }),
    },
  );
  return fc.array(step, { minLength: 3, maxLength: 25, size: 'max' });
}
