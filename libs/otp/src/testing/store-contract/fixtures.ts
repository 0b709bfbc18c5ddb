import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type {
  Answered,
  Budget,
  ChallengeRef,
  Charge,
  Cooldown,
  LimitRefusal,
  LimitRequest,
  LimitsTaken,
  LogCharge,
  LogRequest,
  NewChallenge,
  OtpStore,
  RecordKey,
  RecordKind,
  RememberedDevice,
  Replacement,
  TallyCharge,
  TallyRequest,
  WindowLimit,
} from '../../stores/otp-store.js';
import type { ManualClock } from '../manual-clock.js';

/** One store, empty, on a clock that the test moves. */
export interface StoreHarness {
  readonly store: OtpStore;
  readonly clock: ManualClock;
  /** Lets time pass for all that the store keeps. A store whose own expiry follows another clock brings its own. */
  readonly elapse?: (ms: number) => Promise<void>;
}

export interface StoreContractOptions {
  /** A fresh, connected store. Two with different namespaces share what is behind them, if anything is. */
  create(options: { readonly namespace: string }): Promise<StoreHarness>;
}

export interface ContractCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a case works with. */
export interface Bench {
  readonly store: OtpStore;
  readonly clock: ManualClock;
  elapse(ms: number): Promise<void>;
}

export type CaseBodies = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

export const TTL_SECONDS = 300;
export const ATTEMPTS = 5;

export function contractCases(options: StoreContractOptions, bodies: CaseBodies): ContractCase[] {
  return Object.entries(bodies).map(([name, body]) => ({
    name,
    run: async () => {
      const harness = await options.create({ namespace: randomNamespace() });
      const elapse = harness.elapse ?? (async (ms: number) => harness.clock.advanceMs(ms));
      try {
        await body({ store: harness.store, clock: harness.clock, elapse });
      } finally {
        await harness.store.close();
      }
    },
  }));
}

export function randomNamespace(): string {
  return `t${randomBytes(8).toString('hex')}`;
}

export function newKey(kind: RecordKind = 'number'): RecordKey {
  return { kind, index: randomBytes(12).toString('base64url') };
}

export function windowOf(limit: number, windowSeconds: number, counts: WindowLimit['counts'] = 'all'): WindowLimit {
  return { name: `${counts}.${limit}.${windowSeconds}`, limit, windowSeconds, counts };
}

export const COOLDOWN: Cooldown = { name: 'cooldown', stepsSeconds: [30, 60, 120], windowSeconds: 600 };

export function request(key: RecordKey, overrides: Partial<LogRequest> = {}): LogRequest {
  return { key, log: 'sends', windows: [windowOf(5, 3600)], take: true, ...overrides };
}

export function budgetOf(floor: number, windowSeconds: number, overrides: Partial<Budget> = {}): Budget {
  const { counts = 'all' } = overrides;
  return { name: `${counts}.${floor}.${windowSeconds}`, counts, windowSeconds, floor, share: 0, ...overrides };
}

/** Messages of one IP, unless another key is given. */
export function tallyRequest(overrides: Partial<TallyRequest> = {}): TallyRequest {
  return { key: newKey('ip'), tally: 'sends', amount: 1, budgets: [budgetOf(5, 3600)], take: true, ...overrides };
}

export async function taken(store: OtpStore, ...requests: LimitRequest[]): Promise<LimitsTaken> {
  const decision = await store.limits.take(requests);
  assert.equal(decision.outcome, 'taken', `refused by ${decision.outcome === 'refused' ? decision.limit : ''}`);
  assert.ok(decision.outcome === 'taken');
  return decision;
}

export async function refused(store: OtpStore, ...requests: LimitRequest[]): Promise<LimitRefusal> {
  const decision = await store.limits.take(requests);
  assert.ok(decision.outcome === 'refused', 'was admitted');
  return decision;
}

/** Takes, and answers the charge of the first request, which must be one to a log. */
export async function takeOne(store: OtpStore, ...requests: [LogRequest, ...LimitRequest[]]): Promise<LogCharge> {
  const { charges } = await taken(store, ...requests);
  const [charge] = charges;
  assert.ok(charge && 'log' in charge);
  return charge;
}

/** Takes from one tally. */
export async function takeAmount(store: OtpStore, ask: TallyRequest): Promise<TallyCharge> {
  const [charge] = (await taken(store, ask)).charges;
  assert.ok(charge && 'tally' in charge);
  return charge;
}

/** Asserts how much more a tally admits. Takes nothing. */
export async function hasRoom(store: OtpStore, ask: TallyRequest, room: number): Promise<void> {
  const admits = async (amount: number) =>
    (await store.limits.take([{ ...ask, amount, take: false }])).outcome === 'taken';
  assert.ok(room === 0 || (await admits(room)), `less than ${room} is admitted`);
  assert.ok(!(await admits(room + 1)), `more than ${room} is admitted`);
}

/** How many more entries the window of one log admits. What it takes to find out is given back. */
export async function roomOf(store: OtpStore, ask: LimitRequest): Promise<number> {
  const charges: Charge[] = [];
  for (let decision = await store.limits.take([ask]); decision.outcome === 'taken';) {
    charges.push(...decision.charges);
    decision = await store.limits.take([ask]);
  }
  await store.limits.giveBack(charges);
  return charges.length;
}

export function newChallenge(overrides: Partial<NewChallenge> = {}): NewChallenge {
  const fresh = { hash: randomBytes(48), sealed: randomBytes(68) };
  return { ...fresh, ttlSeconds: TTL_SECONDS, attempts: ATTEMPTS, sends: 2, ...overrides };
}

export interface Issued {
  readonly ref: ChallengeRef;
  readonly send: LogCharge;
  readonly challenge: NewChallenge;
  readonly expiresAt: number;
}

export async function issue(
  store: OtpStore,
  { key = newKey(), ...overrides }: Partial<NewChallenge> & { readonly key?: RecordKey } = {},
): Promise<Issued> {
  const send = await takeOne(store, request(key, { windows: [windowOf(100, 86_400)] }));
  const ref = { key, id: randomBytes(16) };
  const challenge = newChallenge(overrides);
  const created = await store.challenges.create(ref, challenge, send);
  assert.ok(created.outcome === 'created');
  return { ref, send, challenge, expiresAt: created.expiresAt };
}

export const ANSWERED: Answered = { knownSeconds: 90 * 86_400 };

/** Issues a challenge and answers it rightly. */
export async function answer(
  store: OtpStore,
  key: RecordKey,
  replacement: Omit<Extract<Replacement, { kind: 'none' }>, 'kind'> = {},
): Promise<Issued> {
  const issued = await issue(store, { key });
  const { ref, send } = issued;
  const settle = [send, ...(replacement.settle ?? [])];
  const none = { kind: 'none', answered: ANSWERED, ...replacement, settle } as const;
  assert.equal((await store.challenges.replaceIf(ref, 1, none)).outcome, 'replaced');
  return issued;
}

/** An answer that leaves a trusted device. */
export async function remember(store: OtpStore, key: RecordKey, device: Partial<RememberedDevice> = {}): Promise<void> {
  const defaults = { lane: 'device:aaaaaaaa', most: 5, lifetimeSeconds: 30 * 86_400 } as const;
  await answer(store, key, { answered: { ...ANSWERED, remember: { ...defaults, ...device } } });
}

export function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}

export function outcomes(results: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}
