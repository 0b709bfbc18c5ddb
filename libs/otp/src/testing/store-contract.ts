import assert from 'node:assert/strict';
import { adminCases } from './store-contract/admin-cases.js';
import { challengeCases } from './store-contract/challenge-cases.js';
import { creditCases } from './store-contract/credit-cases.js';
import {
  contractCases,
  issue,
  newKey,
  randomNamespace,
  request,
  taken,
  windowOf,
  type ContractCase,
  type StoreContractOptions,
} from './store-contract/fixtures.js';
import { laneCases } from './store-contract/lane-cases.js';
import { limitCases } from './store-contract/limit-cases.js';
import { markCases } from './store-contract/mark-cases.js';
import { numberCases } from './store-contract/number-cases.js';
import { raceCases } from './store-contract/race-cases.js';
import { tallyCases } from './store-contract/tally-cases.js';
import { throttleCases } from './store-contract/throttle-cases.js';

export type { ContractCase, StoreContractOptions, StoreHarness } from './store-contract/fixtures.js';

/**
 * What every `OtpStore` must do, as cases for any test runner:
 *
 * @example
 * for (const { name, run } of storeContract({ create })) it(name, run);
 */
export function storeContract(options: StoreContractOptions): readonly ContractCase[] {
  return [
    ...contractCases(options, {
      ...limitCases,
      ...tallyCases,
      ...creditCases,
      ...laneCases,
      ...numberCases,
      ...challengeCases,
      ...raceCases,
      ...markCases,
      ...adminCases,
      ...throttleCases,
    }),
    { name: 'namespaces share nothing', run: () => namespacesShareNothing(options) },
  ];
}

async function namespacesShareNothing({ create }: StoreContractOptions): Promise<void> {
  const [one, two] = [await create({ namespace: randomNamespace() }), await create({ namespace: randomNamespace() })];
  try {
    const key = newKey();
    const { ref } = await issue(one.store, { key });
    await one.store.marks.putIfAbsent('key', 'one', 60);
    assert.equal(await two.store.challenges.find(ref), undefined);
    assert.equal(await two.store.marks.get('key'), undefined);
    await taken(two.store, request(key, { windows: [windowOf(1, 3600)] }));
    await two.store.limits.clear(key);
    assert.ok(await one.store.challenges.find(ref));
  } finally {
    await one.store.close();
    await two.store.close();
  }
}
