import { describe, it } from 'vitest';
import { memoryStore } from '../../libs/otp/src/stores/memory/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import { storeContract } from '../../libs/otp/src/testing/store-contract.js';

describe('the memory store', () => {
  const cases = storeContract({
    create: async ({ namespace }) => {
      const clock = new ManualClock();
      const store = memoryStore({ clock, namespace });
      await store.connect();
      return { store, clock };
    },
  });
  for (const { name, run } of cases) {
    it(name, run);
  }
});
