import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../../../../test/support/redis-server.js';
import { type Account, ACCOUNTS, NUMBER_OWNERS } from '../../src/accounts/account.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { MemoryRecordStore } from '../../src/records/memory-record.store.js';
import type { RecordChange, RecordStore } from '../../src/records/record.store.js';
import { Records } from '../../src/records/records.js';
import { RedisRecordStore } from '../../src/records/redis-record.store.js';
import { Seal } from '../../src/records/seal.js';

const SECRET = 'a-secret-of-more-than-thirty-two-characters';
const seal = new Seal({ secrets: [SECRET] });
const at = '2026-01-01T00:00:00.000Z';
const payment = (cents: number) => ({ payee: 'Noor', iban: 'NL91ABNA0417164300', cents, at });

let numbers = 0;
const nextNumber = () => `+3161${String((numbers += 1)).padStart(7, '0')}`;

function accountsOn(store: RecordStore): AccountsService {
  return new AccountsService(new Records(store, seal), seal);
}

async function opened(accounts: AccountsService, phoneNumber = nextNumber()): Promise<Account> {
  const account = await accounts.open({ name: 'Noor', phoneNumber });
  if (account === undefined) {
    throw new Error('the number is taken');
  }
  return account;
}

/** Each account is where its number leads. */
async function expectAllAreFound(accounts: AccountsService, ids: readonly string[]): Promise<void> {
  const found = await Promise.all(ids.map((id) => accounts.find(id)));
  const byNumber = await Promise.all(found.map((account) => accounts.findByNumber(account?.phoneNumber ?? '')));
  expect(byNumber.map((account) => account?.id)).toEqual(ids);
}

/** Lets something happen at the worst moment: when all was read and nothing is written yet. */
class IntrudedStore extends MemoryRecordStore {
  intrude: (() => Promise<unknown>) | undefined;

  override async commit(changes: readonly RecordChange[]): Promise<boolean> {
    const { intrude } = this;
    this.intrude = undefined;
    await intrude?.();
    return super.commit(changes);
  }
}

describe.each([
  ['memory', async () => ({ store: new MemoryRecordStore(), stop: async () => {} })],
  [
    'Redis',
    async () => {
      const redis = await startRedis();
      return { store: new RedisRecordStore({ url: redis.url, namespace: 'bank' }), stop: () => redis.stop() };
    },
  ],
] as const)('the accounts on %s', (_name, start) => {
  let stop: () => Promise<void>;
  let store: RecordStore;
  let accounts: AccountsService;

  beforeAll(async () => {
    ({ store, stop } = await start());
    await store.connect();
    accounts = accountsOn(store);
  });
  afterAll(async () => {
    await store.close();
    await stop();
  });

  it('of many sign-ups at once with one number one opens an account', async () => {
    const phoneNumber = nextNumber();
    const results = await Promise.all(Array.from({ length: 20 }, () => accounts.open({ name: 'Noor', phoneNumber })));
    const [account, ...others] = results.filter((result) => result !== undefined);
    expect(others).toEqual([]);
    expect(await accounts.findByNumber(phoneNumber)).toEqual(account);
  });

  it('of many sign-ins at once with a new number all come to one account', async () => {
    const phoneNumber = nextNumber();
    const results = await Promise.all(Array.from({ length: 20 }, () => accounts.findOrOpen(phoneNumber)));
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
  });

  it('many transfers at once never overdraw, and each that was made is counted', async () => {
    const { id, cents } = await opened(accounts);
    const amount = Math.floor(cents / 10) - 1;
    const results = await Promise.all(
      Array.from({ length: 15 }, () => accounts.transfer({ id, sessionEpoch: 0 }, payment(amount))),
    );
    expect(results.filter((result) => result === 'made')).toHaveLength(10);
    const account = await accounts.find(id);
    expect(account?.cents).toBe(cents - 10 * amount);
    expect(account?.transfers).toHaveLength(10);
  });

  it('a transfer of all there is leaves nothing, one cent more is refused', async () => {
    const { id, cents } = await opened(accounts);
    expect(await accounts.transfer({ id, sessionEpoch: 0 }, payment(cents + 1))).toBe('no_funds');
    expect(await accounts.transfer({ id, sessionEpoch: 0 }, payment(cents))).toBe('made');
    expect(await accounts.transfer({ id, sessionEpoch: 0 }, payment(1))).toBe('no_funds');
    expect(await accounts.transfer({ id: 'nobody', sessionEpoch: 0 }, payment(1))).toBe('no_funds');
    expect((await accounts.find(id))?.cents).toBe(0);
  });

  it('a change of number moves the account, ends its sessions and frees the former number', async () => {
    const account = await opened(accounts);
    const next = nextNumber();
    const changed = await accounts.changeNumber(account, next);
    expect(changed).toEqual({ ...account, phoneNumber: next, sessionEpoch: 1 });
    expect(await accounts.findByNumber(account.phoneNumber)).toBeUndefined();
    await expectAllAreFound(accounts, [account.id]);
    const successor = await opened(accounts, account.phoneNumber);
    await expectAllAreFound(accounts, [account.id, successor.id]);
  });

  it('a change to a taken number, to its own, or from a number that it has no more changes nothing', async () => {
    const [account, other] = [await opened(accounts), await opened(accounts)];
    expect(await accounts.changeNumber(account, other.phoneNumber)).toBeUndefined();
    expect(await accounts.changeNumber(account, account.phoneNumber)).toBeUndefined();
    expect(await accounts.changeNumber({ ...account, phoneNumber: nextNumber() }, nextNumber())).toBeUndefined();
    expect(await accounts.find(account.id)).toEqual(account);
    await expectAllAreFound(accounts, [account.id, other.id]);
  });

  it('of many changes at once to one number one is made, and nobody is lost', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => opened(accounts)));
    const phoneNumber = nextNumber();
    const changes = all.map((account) => accounts.changeNumber(account, phoneNumber));
    const [results, newcomer] = await Promise.all([
      Promise.all(changes),
      accounts.open({ name: 'Newcomer', phoneNumber }),
    ]);
    expect([...results, newcomer].filter((account) => account !== undefined)).toHaveLength(1);
    await expectAllAreFound(
      accounts,
      all.map(({ id }) => id),
    );
  });

  it('of many changes at once of one account, to one number or to several, one is made', async () => {
    for (const targets of [Array<string>(10).fill(nextNumber()), Array.from({ length: 10 }, nextNumber)]) {
      const account = await opened(accounts);
      const results = await Promise.all(targets.map((target) => accounts.changeNumber(account, target)));
      const [made, ...others] = results.filter((result) => result !== undefined);
      expect(others).toEqual([]);
      expect(await accounts.find(account.id)).toEqual(made);
      await expectAllAreFound(accounts, [account.id]);
      const free = targets.filter((target) => target !== made?.phoneNumber);
      const byNumber = await Promise.all(free.map((target) => accounts.findByNumber(target)));
      expect(byNumber.filter((found) => found !== undefined)).toEqual([]);
    }
  });

  it('accounts that pass their numbers on in a ring are never lost', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => opened(accounts)));
    for (let round = 0; round < 5; round += 1) {
      const now = await Promise.all(all.map(({ id }) => accounts.find(id)));
      await Promise.all(
        now.flatMap((account, n) => {
          const target = round % 2 === 0 && n === 0 ? nextNumber() : now[(n + 1) % now.length]?.phoneNumber;
          return account === undefined || target === undefined ? [] : [accounts.changeNumber(account, target)];
        }),
      );
      await expectAllAreFound(
        accounts,
        all.map(({ id }) => id),
      );
    }
  });

  it('signing out everywhere at once with a transfer: it is made as a whole before it, or not at all', async () => {
    const { id, cents } = await opened(accounts);
    const [, result] = await Promise.all([
      accounts.signOutEverywhere(id),
      accounts.transfer({ id, sessionEpoch: 0 }, payment(1)),
      accounts.signOutEverywhere(id),
    ]);
    const left = result === 'made' ? cents - 1 : cents;
    expect(await accounts.find(id)).toMatchObject({ sessionEpoch: 2, cents: left });
    expect(await accounts.transfer({ id, sessionEpoch: 0 }, payment(1))).toBe('no_funds');
    expect(await accounts.transfer({ id, sessionEpoch: 2 }, payment(1))).toBe('made');
  });
});

describe('an account whose number changes at the worst moment', () => {
  const start = () => {
    const store = new IntrudedStore();
    return { store, accounts: accountsOn(store) };
  };

  it('somebody opens an account with the new number: the change is not made', async () => {
    const { store, accounts } = start();
    const account = await opened(accounts);
    const target = nextNumber();
    let newcomer: Account | undefined;
    store.intrude = async () => (newcomer = await opened(accounts, target));
    expect(await accounts.changeNumber(account, target)).toBeUndefined();
    await expectAllAreFound(accounts, [account.id, newcomer?.id ?? '']);
  });

  it('the change comes between the two halves of an opening: no account is opened', async () => {
    const { store, accounts } = start();
    const account = await opened(accounts);
    const target = nextNumber();
    store.intrude = () => accounts.changeNumber(account, target);
    expect(await accounts.open({ name: 'Newcomer', phoneNumber: target })).toBeUndefined();
    expect((await accounts.findByNumber(target))?.id).toBe(account.id);
  });

  it('money leaves meanwhile: change and transfer both count', async () => {
    const { store, accounts } = start();
    const account = await opened(accounts);
    const target = nextNumber();
    store.intrude = () => accounts.transfer(account, payment(100));
    expect(await accounts.changeNumber(account, target)).toMatchObject({ cents: account.cents - 100 });
    expect(await accounts.findByNumber(target)).toMatchObject({ cents: account.cents - 100, phoneNumber: target });
  });

  it('the same change is made meanwhile: it is made once', async () => {
    const { store, accounts } = start();
    const account = await opened(accounts);
    const target = nextNumber();
    store.intrude = () => accounts.changeNumber(account, target);
    expect(await accounts.changeNumber(account, target)).toBeUndefined();
    expect(await accounts.findByNumber(target)).toMatchObject({ id: account.id, sessionEpoch: 1 });
  });
});

describe('the times of accounts', () => {
  const DAY = 24 * 60 * 60 * 1000;

  function start() {
    const time = { now: 0 };
    const store = new MemoryRecordStore({ now: () => time.now });
    return { time, store, records: new Records(store, seal), accounts: accountsOn(store) };
  }

  it('E5 an account lasts thirty days, and its number leads to it until the end', async () => {
    const { time, accounts } = start();
    const account = await opened(accounts);
    time.now = 29 * DAY;
    await accounts.transfer(account, payment(1));
    time.now = 30 * DAY - 1;
    expect(await accounts.findByNumber(account.phoneNumber)).toMatchObject({ id: account.id });
    time.now = 30 * DAY;
    expect(await accounts.find(account.id)).toBeUndefined();
    expect(await accounts.findByNumber(account.phoneNumber)).toBeUndefined();
  });

  it('a number that outlives its account is free, and its new account lasts as long as any', async () => {
    const { time, accounts } = start();
    const account = await opened(accounts);
    time.now = 29 * DAY;
    const changed = await accounts.changeNumber(account, nextNumber());
    time.now = 31 * DAY;
    expect(await accounts.find(account.id)).toBeUndefined();
    const successor = await opened(accounts, changed?.phoneNumber);
    time.now = 60 * DAY;
    expect((await accounts.findByNumber(successor.phoneNumber))?.id).toBe(successor.id);
  });

  it('where a number was lost and given to another account, the first one cannot take it back by moving away', async () => {
    const { records, accounts } = start();
    const account = await opened(accounts);
    await records.delete(NUMBER_OWNERS, seal.index(account.phoneNumber));
    const successor = await opened(accounts, account.phoneNumber);
    expect(await accounts.changeNumber(account, nextNumber())).toBeDefined();
    await expectAllAreFound(accounts, [account.id, successor.id]);
  });

  it('an account that is gone leaves its number free', async () => {
    const { records, accounts } = start();
    const account = await opened(accounts);
    await records.delete(ACCOUNTS, account.id);
    const successor = await opened(accounts, account.phoneNumber);
    expect(successor.id).not.toBe(account.id);
  });
});
