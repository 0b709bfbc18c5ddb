import { once } from 'node:events';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { Caller } from './caller.js';
import type { Ledger } from './ledger.js';
import type { Site } from './site.js';

/** Nobody of the load has this number, nor this address. */
const PROBE = { number: numberOf(9_500_000), address: addressOf(1_000_000) };
/** For a login to work again after a fault, on a machine however slow. */
const RECOVERY_MS = 30_000;
/** Refused requests that show that a fault was felt. */
const FELT = 4;

/** Each resolves when what it did is over; the load goes on meanwhile. */
export const FAULTS = {
  async 'Redis frozen'(site, ledger) {
    site.redis.pause();
    try {
      await untilCounted(ledger, 503, FELT);
    } finally {
      site.redis.resume();
    }
  },
  async 'Redis killed, and back empty'(site, ledger) {
    site.losses += 1;
    await site.redis.kill();
    await untilCounted(ledger, 503, FELT);
    await site.redis.restart();
    await site.inspector.ping().catch(() => once(site.inspector, 'ready'));
  },
  async 'connections to Redis cut'(site) {
    await site.inspector.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  },
  async 'scripts forgotten'(site) {
    await site.inspector.script('FLUSH', 'SYNC');
  },
  async 'a provider that is silent'(site, ledger) {
    await unwell(site, ledger, 'silent');
  },
  async 'a provider that refuses'(site, ledger) {
    await unwell(site, ledger, 'refusing');
  },
} satisfies Record<string, (site: Site, ledger: Ledger) => Promise<void>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES: readonly FaultName[] = [
  'scripts forgotten',
  'connections to Redis cut',
  'Redis frozen',
  'a provider that is silent',
  'Redis killed, and back empty',
  'a provider that refuses',
];

/** Does it and waits until a login works again. Resolves to how long that took, from the end of the fault. */
export async function play(name: FaultName, site: Site, ledger: Ledger): Promise<number> {
  await FAULTS[name](site, ledger);
  const ended = performance.now();
  while (performance.now() - ended < RECOVERY_MS) {
    if (await isWell(site)) {
      return performance.now() - ended;
    }
  }
  ledger.breach(`no login worked within ${RECOVERY_MS / 1000} s after: ${name}`);
  return RECOVERY_MS;
}

/** The store answers through both applications. Sends are no measure: the limits of the load may be used up. */
async function isWell(site: Site): Promise<boolean> {
  const silent = { answered: () => undefined, breach: () => undefined };
  const caller = new Caller(site, silent, PROBE.address);
  const answers = [await caller.call(askFor(PROBE.number)), await caller.call(askFor(PROBE.number))];
  return answers.every(({ status }) => status === 201 || status === 429);
}

const askFor = (phoneNumber: string) => ({ path: '/otp/challenges', body: { phoneNumber } });

async function untilCounted(ledger: Ledger, status: number, more: number): Promise<void> {
  const before = ledger.withStatus(status);
  while (ledger.withStatus(status) < before + more) {
    await ledger.next();
  }
}

/** Until several messages met it. */
async function unwell(site: Site, ledger: Ledger, state: 'silent' | 'refusing'): Promise<void> {
  const before = site.asked;
  site.providerIs(state);
  while (site.asked < before + FELT) {
    await ledger.next();
  }
  site.providerIs('well');
}
