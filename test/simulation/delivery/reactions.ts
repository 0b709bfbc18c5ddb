import type { Random } from '../engine/random.js';

interface ReactionKind {
  /** Whether the person gets the message. */
  readonly delivers: boolean;
  /** Whether the provider says plainly that it sent nothing. */
  readonly refuses: boolean;
}

/** What a provider does with one request. The last three lie. */
export const REACTIONS = {
  accepts: { delivers: true, refuses: false },
  slow: { delivers: true, refuses: false },
  'refuses with 503': { delivers: false, refuses: true },
  'refuses with 402': { delivers: false, refuses: true },
  'sends, and fails with 500': { delivers: true, refuses: false },
  'fails with 500': { delivers: false, refuses: false },
  'resets before it reads': { delivers: false, refuses: false },
  'resets after it read': { delivers: false, refuses: false },
  'sends, and resets': { delivers: true, refuses: false },
  hangs: { delivers: false, refuses: false },
  'sends, and hangs': { delivers: true, refuses: false },
  'sends, and answers garbage': { delivers: true, refuses: false },
  'sends, and says it refused': { delivers: true, refuses: true },
  'accepts, and sends nothing': { delivers: false, refuses: false },
} satisfies Record<string, ReactionKind>;

export type Reaction = keyof typeof REACTIONS;

/** How often it does what, as weights. */
export type FaultMix = Readonly<Partial<Record<Reaction, number>>>;

export function pickReaction(mix: FaultMix, random: Random): Reaction {
  const entries = NAMES.map((name) => [name, mix[name] ?? 0] as const);
  let place = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of entries) {
    place -= weight;
    if (place < 0) {
      return name;
    }
  }
  return 'accepts';
}

const NAMES = Object.keys(REACTIONS).filter((name): name is Reaction => Object.hasOwn(REACTIONS, name));
