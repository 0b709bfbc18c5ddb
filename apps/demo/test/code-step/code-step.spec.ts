import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDemo, type RunningDemo } from '../../../../test/support/demo-app.js';
import { wrongCode } from '../../../../test/support/http.js';
import { AccountsService } from '../../src/accounts/accounts.service.js';
import { SimulatedPhone } from '../../src/handset/simulated-phone.js';
import { RECORD_STORE, type RecordStore, RecordStoreUnavailableError } from '../../src/records/record.store.js';
import { BankClient } from './bank-client.js';

const SIGNED_IN = { status: 303, location: '/account' };
const NO_CODE = { status: 410, page: expect.stringContaining('No code is awaited') };

describe.each(['express', 'fastify'] as const)('the step at which a code is entered, on %s', (adapter) => {
  let clock: ManualClock;
  let demo: RunningDemo;
  let numbers = 0;

  const nextNumber = () => `+3161${String((numbers += 1)).padStart(6, '0')}5`;
  const browser = () => new BankClient(demo);

  async function asked(phoneNumber: string): Promise<BankClient> {
    const client = browser();
    expect(await client.send('/sign-in', { country: '', phoneNumber })).toMatchObject({
      status: 303,
      location: '/code',
    });
    return client;
  }

  beforeAll(async () => {
    clock = new ManualClock();
    demo = await startDemo({ adapter, clock, store: memoryStore({ namespace: 'demo', clock }) });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => demo.stop());

  it('A4 a code does nothing in another browser, with or without a step of its own', async () => {
    const [phoneNumber, other] = [nextNumber(), nextNumber()];
    const client = await asked(phoneNumber);
    const code = demo.lastCodeTo(phoneNumber);
    expect(await browser().send('/code', { code })).toMatchObject(NO_CODE);
    const stranger = await asked(other);
    expect(await stranger.send('/code', { code: wrongCode(demo.lastCodeTo(other)) })).toMatchObject({ status: 422 });
    const planted = browser();
    planted.cookies.set('code', 'A'.repeat(43));
    expect(await planted.send('/code', { code })).toMatchObject(NO_CODE);
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject(SIGNED_IN);
  });

  it('A3 of two right answers at once one makes a session', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const code = demo.lastCodeTo(phoneNumber);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.send('/code', { code })));
    const sessions = answers.flatMap(({ headers }) =>
      headers.getSetCookie().filter((line) => line.startsWith('session=')),
    );
    expect(sessions).toHaveLength(1);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410, 410, 410, 410]);
  });

  it('A3 the cookie of a finished step opens nothing', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const planted = browser();
    planted.cookies.set('code', client.cookies.get('code') ?? '');
    const code = demo.lastCodeTo(phoneNumber);
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject(SIGNED_IN);
    expect(client.cookies.has('code')).toBe(false);
    expect(await planted.send('/code', { code })).toMatchObject(NO_CODE);
    expect(await planted.send('/code/resend')).toMatchObject(NO_CODE);
  });

  it('after a cancel the right code is worth nothing', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const cookie = client.cookies.get('code') ?? '';
    expect(await client.send('/code/cancel')).toMatchObject({ status: 303, location: '/' });
    client.cookies.set('code', cookie);
    expect(await client.send('/code', { code: demo.lastCodeTo(phoneNumber) })).toMatchObject(NO_CODE);
    expect(await browser().send('/code/cancel')).toMatchObject({ status: 303, location: '/' });
  });

  it('A2 U5 says that a code has expired; another one is sent for the same thing', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const shown = await client.stepShown();
    const expired = demo.lastCodeTo(phoneNumber);
    clock.advanceSeconds(301);
    const refused = await client.send('/code', { code: expired });
    expect(refused.status).toBe(410);
    expect(refused.page).toContain('This code has expired or has been used');
    expect(await client.send('/code/resend')).toMatchObject({ status: 303, location: '/code?sent=again' });
    expect(demo.lastCodeTo(phoneNumber)).not.toBe(expired);
    // The page that is still open can be answered.
    expect(await client.enterCodeSentTo(phoneNumber, { step: shown })).toMatchObject(SIGNED_IN);
  });

  it('A5 after a resend the code of before is wrong', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const former = demo.lastCodeTo(phoneNumber);
    clock.advanceSeconds(60);
    expect(await client.send('/code/resend', { channel: 'sms' })).toMatchObject({ status: 303 });
    expect((await client.get('/code?sent=again')).page).toContain('A new code was sent. The old one no longer works.');
    expect(await client.send('/code', { code: former })).toMatchObject({ status: 422 });
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject(SIGNED_IN);
  });

  it('U6 C1 a resend too early is refused, with the time to wait', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const refused = await client.send('/code/resend');
    expect(refused.status).toBe(429);
    expect(refused.page).toMatch(/Try again in \d+ seconds/);
    expect(demo.app.get(SimulatedPhone).inbox(phoneNumber)).toHaveLength(1);
  });

  it('U6 a call brings the code, where a text does not', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    clock.advanceSeconds(60);
    expect(await client.send('/code/resend', { channel: 'voice' })).toMatchObject({ status: 303 });
    expect(demo.app.get(SimulatedPhone).inbox(phoneNumber)[0]?.channel).toBe('voice');
    const { page } = await client.get('/code');
    expect(page).toContain('We are calling');
    expect(page).toContain('value="sms"');
    expect(await client.send('/code/resend', { channel: 'pigeon' })).toMatchObject({ status: 400 });
  });

  it('U5 a slip costs no attempt and is told by its own words', async () => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    for (const [code, text] of [
      ['', 'Enter the code from the message.'],
      [' - ', 'Enter the code from the message.'],
      ['12345', 'Too few digits: the code has 6, this is 5.'],
      ['123 456 7', 'Too many digits: the code has 6, this is 7.'],
      ['12345O', 'The code has only digits.'],
    ] as const) {
      const answer = await client.send('/code', { code });
      expect(answer.status).toBe(422);
      expect(answer.page).toContain(text);
      expect(answer.page).toContain('aria-invalid="true"');
    }
    expect((await client.get('/code')).page).toContain('5 attempts left');
    const wrong = await client.send('/code', { code: wrongCode(demo.lastCodeTo(phoneNumber)) });
    expect(wrong.page).toContain('That code is not right. 4 attempts left.');
  });

  it.each([
    ['hyphens and spaces', (code: string) => ` ${code.slice(0, 3)} - ${code.slice(3)} `],
    ['a long dash and a no-break space', (code: string) => `${code.slice(0, 3)}\u2013\u00A0${code.slice(3)}`],
    ['invisible marks', (code: string) => `\u2066${code}\u2069\u200B\uFE0F`],
    ['Arabic digits', (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))],
    ['Bengali digits', (code: string) => code.replace(/\d/g, (digit) => String.fromCodePoint(0x9e6 + Number(digit)))],
  ])('U1 takes a code with %s', async (_title, write) => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    expect(await client.send('/code', { code: write(demo.lastCodeTo(phoneNumber)) })).toMatchObject(SIGNED_IN);
  });

  it('tells a person with two tabs which code counts, and takes no attempt for it', async () => {
    const [first, second] = [nextNumber(), nextNumber()];
    const client = await asked(first);
    const step = await client.stepShown();
    await client.send('/sign-in', { country: '', phoneNumber: second });
    const answer = await client.send('/code', { step, code: demo.lastCodeTo(first) });
    expect(answer.status).toBe(409);
    expect(answer.page).toContain('You have asked for another code in another tab.');
    expect(answer.page).toContain(`+31*******${second.slice(-2)}`);
    expect((await client.get('/code')).page).toContain('5 attempts left');
    expect(await client.enterCodeSentTo(second)).toMatchObject(SIGNED_IN);
    expect(await client.send('/code', { step, code: demo.lastCodeTo(first) })).toMatchObject(NO_CODE);
  });

  it.each([
    ['delete', 'nothing was done, and another code can be had'],
    ['put', 'nothing was done, and the person starts again'],
  ] as const)('L1 the store is lost at its %s after a right code: %s', async (method, _then) => {
    const phoneNumber = nextNumber();
    const client = await asked(phoneNumber);
    const code = demo.lastCodeTo(phoneNumber);
    const store = demo.app.get<RecordStore>(RECORD_STORE);
    vi.spyOn(store, method).mockRejectedValueOnce(new RecordStoreUnavailableError('lost'));
    const answer = await client.send('/code', { code });
    expect(answer.status).toBe(503);
    expect(answer.page).toContain('Not available right now');
    expect(answer.page).toContain('<a class="button primary" href="/code">');
    expect(client.cookies.has('session')).toBe(false);
    expect(await client.get('/account')).toMatchObject({ status: 303, location: '/' });
    expect((await client.send('/code', { code })).status).toBe(410);
    if (method === 'delete') {
      clock.advanceSeconds(60);
      expect(await client.send('/code/resend')).toMatchObject({ status: 303 });
      expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject(SIGNED_IN);
    }
  });

  it('B6 a browser is trusted where the page offers it, and only there', async () => {
    const phoneNumber = nextNumber();
    const client = browser();
    await client.signIn(phoneNumber, { remember: 'on' });
    const device = client.cookies.get('otp-device');
    expect(device).toMatch(/^.{20,}$/);

    clock.advanceSeconds(60);
    const other = browser();
    await other.signIn(phoneNumber);
    expect(other.cookies.has('otp-device')).toBe(false);
    clock.advanceSeconds(60);
    await other.send('/number');
    expect((await other.get('/code')).page).not.toContain('name="remember"');
    expect(await other.enterCodeSentTo(phoneNumber, { remember: 'on' })).toMatchObject({ location: '/number/new' });
    expect(other.cookies.has('otp-device')).toBe(false);
  });

  describe('with a transfer', () => {
    const transfer = { payee: 'Harbour Café', iban: 'NL91 ABNA 0417 1643 00', amount: '12,50' };
    const accountOf = (phoneNumber: string) => demo.app.get(AccountsService).findByNumber(phoneNumber);

    async function signedIn(phoneNumber: string): Promise<BankClient> {
      const client = browser();
      await client.signIn(phoneNumber);
      clock.advanceSeconds(60);
      return client;
    }

    it('A4 what the message and the page show is what is made', async () => {
      const phoneNumber = nextNumber();
      const client = await signedIn(phoneNumber);
      const before = await accountOf(phoneNumber);
      await client.send('/transfer', transfer);
      const text = demo.app.get(SimulatedPhone).inbox(phoneNumber)[0]?.text;
      expect(text).toMatch(/12\.50 EUR.*Harbour Café/s);
      const { page } = await client.get('/code');
      expect(page).toContain('12.50 EUR');
      expect(page).toContain('NL91 ABNA 0417 1643 00');
      // A code for a transfer is not sent before its person has compared the two.
      expect(page).toMatch(/<otp-code-input[^>]* no-web-otp/);
      // What else is sent with the code changes nothing.
      const answer = await client.enterCodeSentTo(phoneNumber, { payee: 'Mallory', cents: '1', amount: '9999' });
      expect(answer).toMatchObject({ status: 303, location: '/account?done=transfer' });
      const after = await accountOf(phoneNumber);
      expect(after?.cents).toBe((before?.cents ?? 0) - 1250);
      expect(after?.transfers).toEqual([
        expect.objectContaining({ payee: 'Harbour Café', iban: 'NL91ABNA0417164300', cents: 1250 }),
      ]);
    });

    it('the code of one transfer is wrong for another', async () => {
      const phoneNumber = nextNumber();
      const client = await signedIn(phoneNumber);
      await client.send('/transfer', transfer);
      const code = demo.lastCodeTo(phoneNumber);
      clock.advanceSeconds(60);
      await client.send('/transfer', { ...transfer, payee: 'Mallory' });
      expect((await client.send('/code', { code })).status).toBe(422);
      expect((await accountOf(phoneNumber))?.transfers).toEqual([]);
    });

    it('a resend after the code has expired keeps what was to be confirmed', async () => {
      const phoneNumber = nextNumber();
      const client = await signedIn(phoneNumber);
      await client.send('/transfer', transfer);
      clock.advanceSeconds(181);
      expect(await client.send('/code/resend')).toMatchObject({ status: 303 });
      expect(demo.app.get(SimulatedPhone).inbox(phoneNumber)[0]?.text).toContain('12.50 EUR');
      expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ location: '/account?done=transfer' });
    });

    it('money that left meanwhile: the right code makes nothing, and the person is told', async () => {
      const phoneNumber = nextNumber();
      const client = await signedIn(phoneNumber);
      const account = await accountOf(phoneNumber);
      await client.send('/transfer', transfer);
      const at = new Date(clock.now()).toISOString();
      const all = { payee: 'Noor', iban: 'NL91ABNA0417164300', cents: account?.cents ?? 0, at };
      await demo.app.get(AccountsService).transfer({ id: account?.id ?? '', sessionEpoch: 0 }, all);
      const answer = await client.enterCodeSentTo(phoneNumber);
      expect(answer).toMatchObject({ status: 303, location: '/transfer?notice=funds' });
      expect((await client.get('/transfer?notice=funds')).page).toContain('role="alert"');
      expect(await accountOf(phoneNumber)).toMatchObject({ cents: 0 });
    });

    it('a right code after the session has ended moves nothing', async () => {
      const phoneNumber = nextNumber();
      const client = await signedIn(phoneNumber);
      await client.send('/transfer', transfer);
      await client.send('/session/end');
      expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ status: 410, location: undefined });
      expect((await accountOf(phoneNumber))?.transfers).toEqual([]);
    });

    it('a right code while somebody else is signed in moves nothing of either', async () => {
      const [phoneNumber, other] = [nextNumber(), nextNumber()];
      const client = await signedIn(phoneNumber);
      await client.send('/transfer', transfer);
      const [step, cookie] = [await client.stepShown(), client.cookies.get('code') ?? ''];
      await client.signIn(other);
      client.cookies.set('code', cookie);
      const code = demo.lastCodeTo(phoneNumber);
      expect(await client.send('/code', { step, code })).toMatchObject({ status: 410, location: undefined });
      expect((await accountOf(phoneNumber))?.transfers).toEqual([]);
      expect((await accountOf(other))?.transfers).toEqual([]);
    });
  });
});
