import type { FaultMix } from './reactions.js';

/** In the order in which the module prefers them. */
export const PROVIDERS = ['alpha', 'beta', 'gamma'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** A while in which the providers behave in one way. */
export interface Spell {
  readonly title: string;
  /** Of all messages. */
  readonly share: number;
  readonly mixes: Readonly<Record<ProviderName, FaultMix>>;
}

const WORKS: FaultMix = { accepts: 1 };
const REFUSES: FaultMix = { 'refuses with 503': 1 };

/** Every fault: rare at the first, frequent at the second; the third is slow. */
const GOOD: FaultMix = {
  accepts: 79,
  slow: 4,
  'refuses with 503': 4,
  'refuses with 402': 2,
  'sends, and fails with 500': 1,
  'fails with 500': 1,
  'resets before it reads': 1,
  'resets after it read': 1,
  'sends, and resets': 1,
  hangs: 1,
  'sends, and hangs': 1,
  'sends, and answers garbage': 1,
  'sends, and says it refused': 2,
  'accepts, and sends nothing': 1,
};
const FLAKY: FaultMix = { ...GOOD, accepts: 32, 'refuses with 503': 40, 'refuses with 402': 10 };
const SLOW: FaultMix = { ...GOOD, accepts: 23, slow: 60 };

const USUAL = { alpha: GOOD, beta: FLAKY, gamma: SLOW };

/** A day at three providers, one spell after the other. */
export const SPELLS: readonly Spell[] = [
  { title: 'every fault at each', share: 0.4, mixes: USUAL },
  { title: 'alpha refuses all', share: 0.15, mixes: { ...USUAL, alpha: REFUSES } },
  { title: 'alpha hangs', share: 0.1, mixes: { ...USUAL, alpha: { hangs: 1 } } },
  { title: 'alpha sends, and breaks off', share: 0.1, mixes: { ...USUAL, alpha: { 'sends, and resets': 1 } } },
  { title: 'only gamma works', share: 0.1, mixes: { alpha: REFUSES, beta: REFUSES, gamma: WORKS } },
  { title: 'nobody works', share: 0.05, mixes: { alpha: REFUSES, beta: REFUSES, gamma: REFUSES } },
  { title: 'all work again', share: 0.1, mixes: { alpha: WORKS, beta: WORKS, gamma: WORKS } },
];
