import { serveParent } from '../program.js';
import type { Issued } from '../bench-otp.js';
import { grow, type GrowthOptions, type GrownStore } from './growing-store.js';

export const OPERATIONS = ['issue', 'verify', 'refused'] as const;
/** Microseconds for one. */
export type Costs = Readonly<Record<(typeof OPERATIONS)[number], number>>;

export interface GrowthQuestion {
  /** How many times each operation is done. */
  readonly operations: number;
  /** Makes the challenges anew first: where they are few, what is measured would multiply them. */
  readonly afresh: boolean;
}

export interface GrowthHello {
  readonly bytesPerChallenge: number;
}

const IN_FLIGHT = 64;

const options: GrowthOptions = JSON.parse(process.argv[2] ?? '');
let grown: GrownStore = await grow(options);

serveParent<GrowthQuestion, Costs>({
  hello: { bytesPerChallenge: grown.bytesPerChallenge } satisfies GrowthHello,
  async answer({ operations, afresh }) {
    if (afresh) {
      await grown.close();
      grown = await grow(options);
    }
    return costs(grown, operations);
  },
  close: () => grown.close(),
});

async function costs({ otp, samples }: GrownStore, operations: number): Promise<Costs> {
  const issued: Issued[] = [];
  return {
    issue: await microsOf(operations, async () => issued.push(await otp.issue())),
    verify: await microsOf(operations, async (n) => {
      const challenge = issued[n];
      if (challenge !== undefined) {
        await otp.rightAnswer(challenge);
      }
    }),
    refused: await microsOf(operations, (n) => otp.refusedIssue(samples[n % samples.length]?.number ?? '', 'none')),
  };
}

async function microsOf(operations: number, perform: (n: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < operations) {
      const n = next;
      next += 1;
      await perform(n);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return ((performance.now() - startedAt) * 1000) / operations;
}
