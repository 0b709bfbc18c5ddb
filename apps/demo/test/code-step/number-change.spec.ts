import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDemo, type RunningDemo } from '../../../../test/support/demo-app.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { SimulatedPhone } from '../../src/handset/simulated-phone.js';
import { RECORD_STORE, type RecordStore, RecordStoreUnavailableError } from '../../src/records/record.store.js';
import { BankClient } from './bank-client.js';

describe('a change of number', () => {
  const clock = new ManualClock();
  let demo: RunningDemo;
  let numbers = 0;

  const nextNumber = () => `+3162${String((numbers += 1)).padStart(6, '0')}5`;
  const accountOf = (phoneNumber: string) => demo.app.get(AccountsService).findByNumber(phoneNumber);
  const messagesTo = (phoneNumber: string) => demo.app.get(SimulatedPhone).inbox(phoneNumber);

  async function signedIn(phoneNumber: string): Promise<BankClient> {
    const client = new BankClient(demo);
    expect(await client.signIn(phoneNumber)).toMatchObject({ status: 303, location: '/account' });
    clock.advanceSeconds(60);
    return client;
  }

  /** Up to the page that asks for the new number. */
  async function proved(phoneNumber: string): Promise<BankClient> {
    const client = await signedIn(phoneNumber);
    expect(await client.send('/number')).toMatchObject({ status: 303, location: '/code' });
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ status: 303, location: '/number/new' });
    clock.advanceSeconds(60);
    return client;
  }

  beforeAll(async () => {
    demo = await startDemo({ clock, store: memoryStore({ namespace: 'demo', clock }) });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => demo.stop());

  it('D4 a new number cannot be named without a code to the old one', async () => {
    const [former, next] = [nextNumber(), nextNumber()];
    const client = await signedIn(former);
    client.cookies.set('number', 'A'.repeat(43));
    expect(await client.get('/number/new')).toMatchObject({ status: 303, location: '/number' });
    const answer = await client.send('/number/new', { country: '', phoneNumber: next });
    expect(answer).toMatchObject({ status: 303, location: '/number' });
    expect(messagesTo(next)).toEqual([]);
  });

  it('D4 tells the old number, ends every session and forgets trusted browsers', async () => {
    const [former, next] = [nextNumber(), nextNumber()];
    const elsewhere = new BankClient(demo);
    await elsewhere.signIn(former, { remember: 'on' });
    expect(elsewhere.cookies.has('otp-device')).toBe(true);
    clock.advanceSeconds(60);
    const client = await proved(former);
    await client.send('/number/new', { country: '', phoneNumber: next });
    const answer = await client.enterCodeSentTo(next);
    expect(answer).toMatchObject({ status: 303, location: '/account?done=number' });
    expect((await client.get('/account')).status).toBe(200);
    expect(await elsewhere.get('/account')).toMatchObject({ status: 303, location: '/' });
    const [notice] = messagesTo(former);
    expect(notice?.text).toMatch(/^Tern Bank/);
    expect(notice?.text).not.toContain(next.slice(-4));
    expect(await accountOf(former)).toBeUndefined();
    // The proof of the old number is spent.
    expect(await client.get('/number/new')).toMatchObject({ status: 303, location: '/number' });
  });

  it('D4 the old number is told even where the store is lost right after the change', async () => {
    const [former, next] = [nextNumber(), nextNumber()];
    const client = await proved(former);
    await client.send('/number/new', { country: '', phoneNumber: next });
    const step = await client.stepShown();
    const store = demo.app.get<RecordStore>(RECORD_STORE);
    const remove = store.delete.bind(store);
    vi.spyOn(store, 'delete').mockImplementation((key) =>
      key.kind === 'proved' ? Promise.reject(new RecordStoreUnavailableError('lost')) : remove(key),
    );
    expect((await client.send('/code', { step, code: demo.lastCodeTo(next) })).status).toBe(503);
    expect((await accountOf(next))?.phoneNumber).toBe(next);
    expect(messagesTo(former)[0]?.text).toMatch(/^Tern Bank/);
  });

  it('a proof of the old number lasts ten minutes, for its account and browser', async () => {
    const [former, other] = [nextNumber(), nextNumber()];
    const client = await proved(former);
    const stranger = await signedIn(other);
    stranger.cookies.set('number', client.cookies.get('number') ?? '');
    expect(await stranger.get('/number/new')).toMatchObject({ status: 303, location: '/number' });
    expect((await client.get('/number/new')).status).toBe(200);
    clock.advanceSeconds(600);
    expect(await client.get('/number/new')).toMatchObject({ status: 303, location: '/number' });
  });

  it('a number that somebody has is refused after the code, and nothing changes', async () => {
    const [former, taken] = [nextNumber(), nextNumber()];
    await signedIn(taken);
    const client = await proved(former);
    await client.send('/number/new', { country: '', phoneNumber: taken });
    expect(await client.enterCodeSentTo(taken)).toMatchObject({ status: 303, location: '/number/new?notice=taken' });
    expect((await client.get('/number/new?notice=taken')).page).toContain('role="alert"');
    expect((await accountOf(former))?.phoneNumber).toBe(former);
    expect(messagesTo(former)[0]?.text).toMatch(/^\d{6}/);
  });

  it('the number that the account has is refused before any code', async () => {
    const former = nextNumber();
    const client = await proved(former);
    const sent = messagesTo(former).length;
    expect(await client.send('/number/new', { country: '', phoneNumber: former })).toMatchObject({ status: 400 });
    expect(messagesTo(former)).toHaveLength(sent);
  });

  it('a right code after signing out proves and changes nothing', async () => {
    const [former, next] = [nextNumber(), nextNumber()];
    const client = await signedIn(former);
    await client.send('/number');
    await client.send('/session/end');
    expect(await client.enterCodeSentTo(former)).toMatchObject({ status: 410, location: undefined });
    expect(client.cookies.has('number')).toBe(false);

    clock.advanceSeconds(60);
    const again = await proved(former);
    await again.send('/number/new', { country: '', phoneNumber: next });
    await again.send('/session/end');
    expect(await again.enterCodeSentTo(next)).toMatchObject({ status: 410, location: undefined });
    expect(await accountOf(next)).toBeUndefined();
  });
});
