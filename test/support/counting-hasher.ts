import type { CodeHasher } from 'nestjs-sms-otp';

/** A hasher that counts what is asked of it; shared by several instances it counts for all. */
export interface CountingHasher extends CodeHasher {
  /** Codes compared so far. */
  readonly comparisons: number;
  /** The most that ran at once so far. */
  readonly peak: number;
}

export function countHashes(hasher: CodeHasher): CountingHasher {
  const counts = { comparisons: 0, running: 0, peak: 0 };

  async function counted<T>(work: () => Promise<T>): Promise<T> {
    counts.running += 1;
    counts.peak = Math.max(counts.peak, counts.running);
    try {
      return await work();
    } finally {
      counts.running -= 1;
    }
  }

  return {
    name: hasher.name,
    occupiesThread: hasher.occupiesThread,
    prepare: () => hasher.prepare(),
    hash: (input) => counted(() => hasher.hash(input)),
    verify: (input, stored) => {
      counts.comparisons += 1;
      return counted(() => hasher.verify(input, stored));
    },
    get comparisons() {
      return counts.comparisons;
    },
    get peak() {
      return counts.peak;
    },
  };
}
