import { memoryStore, OtpAdmin, OtpService } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningDemo, startDemo } from '../../../test/support/demo-app.js';
import { DemoClient } from '../../../test/support/demo-client.js';
import { FormClient, freshNumber, PASSWORD, wentTo } from '../../../test/support/form-client.js';
import { wrongCode } from '../../../test/support/http.js';
import { AccountsService } from '../src/accounts/accounts.service.js';
import { AWAITED_CODES } from '../src/code-step/awaited-code.js';
import { SAMPLE_OPERATOR } from '../src/desk-operator.js';
import { Records } from '../src/records/records.js';
import { keyOfId } from '../src/web/id-cookie.js';

const MADE_UP = 'A'.repeat(43);
const TRANSFER = { payee: 'Ann', iban: 'NL91ABNA0417164300', amount: '10' };

describe.each(['express', 'fastify'] as const)('taking over an account, on %s', (adapter) => {
  let demo: RunningDemo;
  let clock: ManualClock;

  beforeAll(async () => {
    clock = new ManualClock(Date.now());
    const store = memoryStore({ namespace: 'demo', clock });
    demo = await startDemo({ adapter, store, clock, env: { TRUSTED_PROXIES: 'loopback' } });
  });
  afterAll(() => demo.stop());

  const browser = () => new FormClient(demo);

  async function signedIn(): Promise<{ person: FormClient; phoneNumber: string }> {
    const person = browser();
    return { person, phoneNumber: await person.signIn() };
  }

  /** Money that the account has spent, by its page. */
  async function hasPaidAnn(person: FormClient): Promise<boolean> {
    return (await person.get('/account')).text.includes('>Ann<');
  }

  describe('case 70 fixation', () => {
    it('cookies that somebody made up open nothing', async () => {
      const victim = browser();
      for (const name of ['session', 'code', 'draft', 'number', 'desk', '__Host-session']) {
        victim.plant(name, MADE_UP);
      }
      const paths = ['/account', '/transfer', '/number', '/number/new', '/desk', '/sign-up/check', '/code'];
      const answers = await Promise.all(paths.map((path) => victim.get(path)));
      expect(answers.map(wentTo)).toEqual(['/', '/', '/', '/', '/desk/sign-in', '/sign-up', '410']);
    });

    it.each(['signIn', 'signUp'] as const)('H1 %s makes a new session; the one that was brought ends', async (way) => {
      const { person: attacker } = await signedIn();
      const planted = attacker.cookies.get('session');
      const victim = browser();
      victim.plant('session', planted);
      await victim[way]();
      expect(victim.cookies.get('session')).not.toBe(planted);
      expect([await victim.isSignedIn(), await attacker.isSignedIn()]).toEqual([true, false]);
    });

    it('H1 password and code make a new session; a made-up one stays worth nothing', async () => {
      const phoneNumber = await browser().signUp();
      const victim = browser();
      victim.plant('session', MADE_UP);
      await victim.send('/password', { country: '', phoneNumber, password: PASSWORD });
      expect(await victim.isSignedIn()).toBe(false);
      expect(await victim.enterCodeSentTo(phoneNumber)).toBe('/account');
      const attacker = browser();
      attacker.plant('session', MADE_UP);
      expect([await victim.isSignedIn(), await attacker.isSignedIn()]).toEqual([true, false]);
    });

    it('H1 the desk is opened by a new cookie, and the one that was brought ends', async () => {
      const open = async (operator: FormClient) => {
        clock.advanceSeconds(60);
        expect(wentTo(await operator.send('/desk/sign-in', { password: SAMPLE_OPERATOR.password }))).toBe('/code');
        expect(await operator.enterCodeSentTo(SAMPLE_OPERATOR.phoneNumber)).toBe('/desk');
      };
      const attacker = browser();
      await open(attacker);
      const victim = browser();
      victim.plant('desk', attacker.cookies.get('desk'));
      await open(victim);
      expect((await victim.get('/desk')).status).toBe(200);
      expect(wentTo(await attacker.get('/desk'))).toBe('/desk/sign-in');
      await victim.send('/desk/sign-out');
      expect(wentTo(await victim.get('/desk'))).toBe('/desk/sign-in');
    });

    it('case 21 a code that was sent for one browser is wrong in another, also with the id of its challenge', async () => {
      const [victim, attacker, phoneNumber] = [browser(), browser(), freshNumber()];
      await attacker.askForCode(freshNumber());
      await victim.askForCode(phoneNumber);
      const code = demo.lastCodeTo(phoneNumber);
      expect(wentTo(await attacker.send('/code', { code }))).toBe('422');
      const stolen = await demo.app.get(Records).find(AWAITED_CODES, keyOfId(victim.cookies.get('code') ?? ''));
      const path = `/otp/challenges/${stolen?.challengeId}/verify`;
      const direct = await attacker.call({ method: 'POST', path, body: { code } });
      expect(direct.status).toBe(422);
      // Nor where the attacker's own cookie stands in for the victim's.
      const session = keyOfId(attacker.cookies.get('code') ?? '');
      const bound = { purpose: 'login', challengeId: stolen?.challengeId ?? '', code, client: 'none' } as const;
      const result = await demo.app.get(OtpService).verify({ ...bound, session });
      expect(result.outcome).toBe('incorrect_code');
      expect(await attacker.isSignedIn()).toBe(false);
      expect(await victim.enterCodeSentTo(phoneNumber)).toBe('/account');
    });

    it('signing out everywhere ends every session', async () => {
      const owner = browser();
      const phoneNumber = await owner.signUp();
      const other = browser();
      await other.send('/password', { country: '', phoneNumber, password: PASSWORD });
      await other.enterCodeSentTo(phoneNumber);
      expect([await owner.isSignedIn(), await other.isSignedIn()]).toEqual([true, true]);
      await owner.send('/account/sign-out-everywhere');
      expect([await owner.isSignedIn(), await other.isSignedIn()]).toEqual([false, false]);
    });
  });

  it('B6 signing out everywhere ends the trust in all browsers, and proofs that were not used', async () => {
    const owner = browser();
    const phoneNumber = freshNumber();
    await owner.askForCode(phoneNumber);
    await owner.send('/code', { code: demo.lastCodeTo(phoneNumber), remember: 'on' });
    clock.advanceSeconds(60);
    const api = new DemoClient(demo);
    const proof = await api.prove(phoneNumber);
    await owner.send('/account/sign-out-everywhere');
    expect(owner.cookies.has('otp-device')).toBe(false);
    expect(await demo.app.get(OtpAdmin).status(phoneNumber)).toMatchObject({ number: { trustedDevices: 0 } });
    expect((await api.post('/session', { headers: { 'OTP-Proof': proof } })).status).toBe(401);
  });

  describe('a number alone is no way around a password', () => {
    it('neither by the page nor by a proof', async () => {
      const phoneNumber = await browser().signUp();
      clock.advanceSeconds(60);
      const attacker = browser();
      await attacker.askForCode(phoneNumber);
      expect(await attacker.enterCodeSentTo(phoneNumber)).toBe('/password?notice=needed');
      expect([attacker.cookies.has('session'), await attacker.isSignedIn()]).toEqual([false, false]);

      clock.advanceSeconds(60);
      const api = new DemoClient(demo);
      const answer = await api.post('/session', { headers: { 'OTP-Proof': await api.prove(phoneNumber) } });
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([401, []]);
    });

    it('a finished sign-up shows its number to nobody', async () => {
      const owner = browser();
      const phoneNumber = freshNumber();
      await owner.send('/sign-up', { country: '', name: 'Noor', phoneNumber, password: PASSWORD });
      const draft = owner.cookies.get('draft');
      await owner.send('/sign-up/check', { channel: 'sms' });
      expect(await owner.enterCodeSentTo(phoneNumber)).toBe('/account?done=welcome');
      expect(owner.cookies.has('draft')).toBe(false);
      owner.plant('draft', draft);
      expect(wentTo(await owner.get('/sign-up/check'))).toBe('/sign-up');
      expect(wentTo(await owner.send('/sign-up/check', { channel: 'sms' }))).toBe('/sign-up');
    });

    it('nor is signing up again with the number', async () => {
      const owner = browser();
      const phoneNumber = await owner.signUp();
      clock.advanceSeconds(60);
      const attacker = browser();
      const password = 'another password of mine';
      await attacker.send('/sign-up', { country: '', name: 'Eve', phoneNumber, password });
      await attacker.send('/sign-up/check', { channel: 'sms' });
      expect(await attacker.enterCodeSentTo(phoneNumber)).toBe('/password?notice=taken');
      expect(await attacker.isSignedIn()).toBe(false);
      expect(wentTo(await attacker.send('/password', { country: '', phoneNumber, password }))).toBe('422');
    });
  });

  describe('B6 case 54 tries of strangers', () => {
    it('keep nobody out of the browser that was remembered, whose own tries are bounded too', async () => {
      const owner = browser();
      const phoneNumber = await owner.signUp();
      clock.advanceSeconds(60);
      const answer = (person: FormClient, password: string) =>
        person.send('/password', { country: '', phoneNumber, password });
      await answer(owner, PASSWORD);
      await owner.send('/code', { code: demo.lastCodeTo(phoneNumber), remember: 'on' });
      clock.advanceSeconds(600);
      for (let tries = 0; tries < 10; tries += 1) {
        expect(wentTo(await answer(browser(), 'a guess'))).toBe('422');
      }
      expect(wentTo(await answer(browser(), PASSWORD))).toBe('429');
      expect(wentTo(await answer(owner, PASSWORD))).toBe('/code');
      for (let tries = 1; tries < 10; tries += 1) {
        expect(wentTo(await answer(owner, 'a guess'))).toBe('422');
      }
      expect(wentTo(await answer(owner, PASSWORD))).toBe('429');
    });

    it('nor does a browser that is known for one number, or made up, count apart for another', async () => {
      const eve = browser();
      const phoneNumber = await eve.signUp();
      clock.advanceSeconds(60);
      await eve.send('/password', { country: '', phoneNumber, password: PASSWORD });
      await eve.send('/code', { code: demo.lastCodeTo(phoneNumber), remember: 'on' });
      const victim = freshNumber();
      for (let tries = 0; tries < 10; tries += 1) {
        await browser().send('/password', { country: '', phoneNumber: victim, password: 'a guess' });
      }
      expect(wentTo(await eve.send('/password', { country: '', phoneNumber: victim, password: 'a guess' }))).toBe(
        '429',
      );
      const other = browser();
      other.plant('browser', MADE_UP);
      expect(wentTo(await other.send('/password', { country: '', phoneNumber: victim, password: 'a guess' }))).toBe(
        '429',
      );
    });

    it('do not keep the operator off the desk', async () => {
      const operator = browser();
      clock.advanceSeconds(3600);
      const answer = (person: FormClient, password: string) => person.send('/desk/sign-in', { password });
      await answer(operator, SAMPLE_OPERATOR.password);
      expect(await operator.enterCodeSentTo(SAMPLE_OPERATOR.phoneNumber)).toBe('/desk');
      clock.advanceSeconds(60);
      for (let tries = 0; tries < 99; tries += 1) {
        await answer(browser(), 'a guess');
      }
      expect(wentTo(await answer(browser(), SAMPLE_OPERATOR.password))).toBe('429');
      expect(wentTo(await answer(operator, SAMPLE_OPERATOR.password))).toBe('/code');
    });
  });

  it('C4 case 44 a host that moves through its /48 has the tries of four addresses', async () => {
    clock.advanceSeconds(3600);
    const tryFrom = (address: string) =>
      new FormClient(demo, { 'X-Forwarded-For': address }).send('/desk/sign-in', { password: 'a guess' });
    for (let n = 0; n < 40; n += 1) {
      expect(wentTo(await tryFrom(`2001:db8:44:${(n * 256).toString(16)}::1`))).toBe('422');
    }
    expect(wentTo(await tryFrom('2001:db8:44:ff00::1'))).toBe('429');
    expect(wentTo(await tryFrom('2001:db8:45::1'))).toBe('422');
    clock.advanceSeconds(3600);
  });

  describe('H8 a transfer', () => {
    async function planned(): Promise<{ person: FormClient; phoneNumber: string }> {
      const one = await signedIn();
      expect(wentTo(await one.person.send('/transfer', TRANSFER))).toBe('/code');
      return one;
    }

    it('is made by its code alone, once, as often as that is sent', async () => {
      const { person, phoneNumber } = await planned();
      const code = demo.lastCodeTo(phoneNumber);
      for (const typed of ['', wrongCode(code), `${code}0`, 'abcdef']) {
        expect(wentTo(await person.send('/code', { code: typed }))).toBe('422');
      }
      expect(await hasPaidAnn(person)).toBe(false);
      const cookie = person.cookies.get('code');
      expect(wentTo(await person.send('/code', { code }))).toBe('/account?done=transfer');
      expect(await hasPaidAnn(person)).toBe(true);
      person.plant('code', cookie);
      expect(wentTo(await person.send('/code', { code }))).toBe('410');
      expect((await person.get('/account')).text.match(/>Ann</g)).toHaveLength(1);
    });

    it('case 3 is made once by many right answers at once', async () => {
      const { person, phoneNumber } = await planned();
      const code = demo.lastCodeTo(phoneNumber);
      const answers = await Promise.all(Array.from({ length: 10 }, () => person.send('/code', { code })));
      expect(answers.map(wentTo).filter((place) => place === '/account?done=transfer')).toHaveLength(1);
      expect((await person.get('/account')).text.match(/>Ann</g)).toHaveLength(1);
    });

    it('case 23 is as the message said, whatever comes with the code', async () => {
      const { person, phoneNumber } = await planned();
      const code = demo.lastCodeTo(phoneNumber);
      const more = { amount: '999', cents: '99900', payee: 'Eve', iban: 'DE89370400440532013000', flow: 'sign-in' };
      expect(wentTo(await person.send('/code', { code, ...more }))).toBe('/account?done=transfer');
      const { text } = await person.get('/account');
      expect(text).toContain('€10.00');
      expect(text).not.toContain('Eve');
    });

    it('cases 18 and 23 the code of one is wrong for another', async () => {
      const { person, phoneNumber } = await planned();
      const former = demo.lastCodeTo(phoneNumber);
      clock.advanceSeconds(60);
      expect(wentTo(await person.send('/transfer', { ...TRANSFER, payee: 'Eve', amount: '999' }))).toBe('/code');
      expect(demo.lastCodeTo(phoneNumber)).not.toBe(former);
      expect(wentTo(await person.send('/code', { code: former }))).toBe('422');
      expect((await person.get('/account')).text).not.toContain('>Eve<');
    });

    it('A2 case 17 is not made by a code that has expired', async () => {
      const { person, phoneNumber } = await planned();
      clock.advanceSeconds(181);
      expect(['410', '422']).toContain(wentTo(await person.send('/code', { code: demo.lastCodeTo(phoneNumber) })));
      expect(await hasPaidAnn(person)).toBe(false);
    });

    it('case 20 is not made by the code of somebody else, nor in their session', async () => {
      const { person, phoneNumber } = await planned();
      const { person: eve, phoneNumber: evesNumber } = await planned();
      expect(wentTo(await person.send('/code', { code: demo.lastCodeTo(evesNumber) }))).toBe('422');
      eve.plant('code', person.cookies.get('code'));
      expect(await eve.enterCodeSentTo(phoneNumber)).toBe('410');
      expect([await hasPaidAnn(person), await hasPaidAnn(eve)]).toEqual([false, false]);
    });

    it('is not made for somebody who has signed out meanwhile', async () => {
      const { person, phoneNumber } = await planned();
      await person.send('/session/end');
      expect(await person.enterCodeSentTo(phoneNumber)).toBe('410');
    });

    it('is neither shown nor sent again when its session has ended', async () => {
      const { person, phoneNumber } = await planned();
      expect((await person.get('/code')).text).toContain('>Ann<');
      await person.send('/account/sign-out-everywhere');
      clock.advanceSeconds(60);
      const messages = demo.messagesTo(phoneNumber).length;
      const answers = [
        await person.get('/code'),
        await person.send('/code/resend'),
        await person.send('/code', { code: '' }),
      ];
      expect(answers.map(wentTo)).toEqual(['410', '410', '410']);
      expect(answers.map(({ text }) => text).join('')).not.toContain('>Ann<');
      expect(demo.messagesTo(phoneNumber)).toHaveLength(messages);
    });

    it('case 29 is not sent again to a number that the account no longer has', async () => {
      const { person, phoneNumber } = await planned();
      clock.advanceSeconds(60);
      const elsewhere = browser();
      await elsewhere.signIn(phoneNumber);
      clock.advanceSeconds(60);
      await changeNumber(elsewhere, phoneNumber, freshNumber());
      clock.advanceSeconds(200);
      expect(wentTo(await person.send('/code/resend'))).toBe('410');
      expect(demo.messagesTo(phoneNumber)[0]?.text).toMatch(/^Tern Bank/);
    });

    it('cases 19 and 24 is not made by another kind of code, nor without one', async () => {
      const { person, phoneNumber } = await signedIn();
      clock.advanceSeconds(60);
      await person.askForCode(phoneNumber);
      const login = demo.lastCodeTo(phoneNumber);
      const awaited = person.cookies.get('code');
      expect(wentTo(await person.send('/transfer', TRANSFER))).toBe('/code');
      expect(wentTo(await person.send('/code', { code: login }))).toBe('422');
      expect(wentTo(await person.send('/code', { verified: 'true' }))).toBe('400');
      person.plant('code', awaited);
      expect(wentTo(await person.send('/code', { code: login }))).toBe('/account');
      expect(await hasPaidAnn(person)).toBe(false);
    });

    it('case 29 is not made by a code to a number that the account no longer has', async () => {
      const { person, phoneNumber } = await planned();
      const [awaited, code] = [person.cookies.get('code'), demo.lastCodeTo(phoneNumber)];
      clock.advanceSeconds(31);
      await changeNumber(person, phoneNumber, freshNumber());
      person.plant('code', awaited);
      expect(wentTo(await person.send('/code', { code }))).toBe('410');
      expect([await person.isSignedIn(), await hasPaidAnn(person)]).toEqual([true, false]);
    });
  });

  describe('D4 a change of number', () => {
    it('has no way past the code to the old one', async () => {
      const { person, phoneNumber } = await signedIn();
      const next = freshNumber();
      expect(wentTo(await person.get('/number/new'))).toBe('/number');
      expect(wentTo(await person.send('/number/new', { country: '', phoneNumber: next }))).toBe('/number');
      expect(wentTo(await person.send('/number'))).toBe('/code');
      expect(wentTo(await person.get('/number/new'))).toBe('/number');
      expect(wentTo(await person.send('/code', { code: wrongCode(demo.lastCodeTo(phoneNumber)) }))).toBe('422');
      expect(wentTo(await person.send('/number/new', { country: '', phoneNumber: next }))).toBe('/number');
      expect(demo.messagesTo(next)).toEqual([]);
    });

    it('tells the old number, ends all other sessions and trust, and needs a new proof for another change', async () => {
      const { person, phoneNumber } = await signedIn();
      clock.advanceSeconds(60);
      const elsewhere = browser();
      await elsewhere.signIn(phoneNumber);
      clock.advanceSeconds(60);
      const [next, session] = [freshNumber(), person.cookies.get('session')];
      const proved = await changeNumber(person, phoneNumber, next);
      const [notice] = demo.messagesTo(phoneNumber);
      expect(notice?.text).toMatch(/^Tern Bank/);
      expect(notice?.text).not.toContain(next);
      expect([await person.isSignedIn(), await elsewhere.isSignedIn()]).toEqual([true, false]);
      expect(person.cookies.get('session')).not.toBe(session);
      person.plant('number', proved);
      expect(wentTo(await person.send('/number/new', { country: '', phoneNumber: freshNumber() }))).toBe('/number');
    });

    it('needs the proof in the session that names the new number', async () => {
      const { person, phoneNumber } = await signedIn();
      await prove(person, phoneNumber);
      const { person: eve } = await signedIn();
      eve.plant('number', person.cookies.get('number'));
      expect(wentTo(await eve.get('/number/new'))).toBe('/number');
      // Another session of the same account, such as one of somebody who has taken a phone from a table.
      clock.advanceSeconds(60);
      const elsewhere = browser();
      await elsewhere.signIn(phoneNumber);
      elsewhere.plant('number', person.cookies.get('number'));
      expect(wentTo(await elsewhere.get('/number/new'))).toBe('/number');
      expect((await person.get('/number/new')).status).toBe(200);
    });

    it('case 25 is not made where the proof for the old one has gone meanwhile', async () => {
      const { person, phoneNumber } = await signedIn();
      const next = freshNumber();
      await prove(person, phoneNumber);
      await person.send('/number/new', { country: '', phoneNumber: next });
      person.cookies.delete('number');
      expect(await person.enterCodeSentTo(next)).toBe('/number');
      expect((await person.get('/account')).text).toContain(phoneNumber.slice(-2));
    });

    it('case 20 is not made for the account of somebody else', async () => {
      const { person, phoneNumber } = await signedIn();
      const next = freshNumber();
      await prove(person, phoneNumber);
      await person.send('/number/new', { country: '', phoneNumber: next });
      const { person: eve, phoneNumber: evesNumber } = await signedIn();
      await prove(eve, evesNumber);
      eve.plant('code', person.cookies.get('code'));
      expect(await eve.enterCodeSentTo(next)).toBe('410');
      expect(await demo.app.get(AccountsService).findByNumber(next)).toBeUndefined();
    });

    it('is not made by a session that was ended while it was under way', async () => {
      const accounts = demo.app.get(AccountsService);
      const account = await accounts.findOrOpen(freshNumber());
      await accounts.signOutEverywhere(account.id);
      expect(await accounts.changeNumber(account, freshNumber())).toBeUndefined();
      expect((await accounts.findByNumber(account.phoneNumber))?.id).toBe(account.id);
    });

    it('does not take a number that has an owner', async () => {
      const { person, phoneNumber } = await signedIn();
      const { phoneNumber: taken } = await signedIn();
      clock.advanceSeconds(60);
      await prove(person, phoneNumber);
      await person.send('/number/new', { country: '', phoneNumber: taken });
      expect(await person.enterCodeSentTo(taken)).toBe('/number/new?notice=taken');
      const accounts = demo.app.get(AccountsService);
      const owners = await Promise.all([phoneNumber, taken].map((number) => accounts.findByNumber(number)));
      expect(owners.map((owner) => owner?.phoneNumber)).toEqual([phoneNumber, taken]);
    });

    it.each(['two numbers', 'one number'])(
      'of two at once, to %s, one is made, and its number finds the account',
      async (which) => {
        const accounts = demo.app.get(AccountsService);
        const account = await accounts.findOrOpen(freshNumber());
        const first = freshNumber();
        const second = which === 'one number' ? first : freshNumber();
        const made = await Promise.all([first, second].map((number) => accounts.changeNumber(account, number)));
        const [winner, ...others] = made.filter((result) => result !== undefined);
        expect(others).toEqual([]);
        expect((await accounts.findByNumber(winner?.phoneNumber ?? ''))?.id).toBe(account.id);
        expect(await accounts.findByNumber(account.phoneNumber)).toBeUndefined();
      },
    );
  });

  async function prove(person: FormClient, phoneNumber: string): Promise<void> {
    expect(wentTo(await person.send('/number'))).toBe('/code');
    expect(await person.enterCodeSentTo(phoneNumber)).toBe('/number/new');
  }

  /** @returns the cookie of the proof that it took */
  async function changeNumber(person: FormClient, from: string, to: string): Promise<string | undefined> {
    await prove(person, from);
    const proved = person.cookies.get('number');
    expect(wentTo(await person.send('/number/new', { country: '', phoneNumber: to }))).toBe('/code');
    expect(await person.enterCodeSentTo(to)).toBe('/account?done=number');
    return proved;
  }
});
