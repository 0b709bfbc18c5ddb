import { setImmediate } from 'node:timers/promises';
import type { FailoverSite } from './failover-site.js';
import type { NumberUsed } from './judge.js';

const ANSWERED_WITHIN_MS = 20_000;

/** What the store counts of every number that the ledger knows. */
export async function usedBy(site: Pick<FailoverSite, 'ledger' | 'usedBy'>): Promise<ReadonlyMap<string, NumberUsed>> {
  const used = new Map<string, NumberUsed>();
  for (const number of new Set(site.ledger.exchanges.map((exchange) => exchange.number))) {
    used.set(number, await usedByOne(site, number));
  }
  return used;
}

/** A master that comes back may change its mind once more: asked until it is answered. */
async function usedByOne({ usedBy: statusOf }: Pick<FailoverSite, 'usedBy'>, number: string): Promise<NumberUsed> {
  const giveUp = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  for (;;) {
    const status = await statusOf(number);
    if (status.outcome === 'ok') {
      const [sends, wrongCodes] = [status.number.sends[0], status.number.wrongCodes[0]];
      return { sends: sends?.used ?? 0, wrongCodes: wrongCodes?.used ?? 0 };
    }
    giveUp.throwIfAborted();
    // A store that is not connected refuses at once, which would leave no turn for the connection to come back.
    await setImmediate();
  }
}
