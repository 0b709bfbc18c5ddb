import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemo, type RunningDemo } from '../../../../test/support/demo-app.js';
import { SimulatedPhone } from '../../src/handset/simulated-phone.js';
import { type BankAnswer, BankClient } from './bank-client.js';

const PASSWORD = 'eggs on bare sand';

describe('signing up', () => {
  const clock = new ManualClock();
  let demo: RunningDemo;

  beforeAll(async () => {
    demo = await startDemo({ clock, store: memoryStore({ namespace: 'demo', clock }) });
  });
  afterAll(() => demo.stop());

  const details = { name: "Noor d'Orsay", country: '', password: PASSWORD };

  it('U7 shows the number and the risk before anything is sent, then opens the account', async () => {
    const phoneNumber = '+31630000005';
    const client = new BankClient(demo);
    expect(await client.send('/sign-up', { ...details, phoneNumber })).toMatchObject({ location: '/sign-up/check' });
    const check = await client.get('/sign-up/check');
    expect(check.page).toContain('+31 6 30000005');
    expect(check.page).toContain('id="risk-title"');
    expect(check.page).toMatch(/can be intercepted.*Instead of a text message.*authenticator app or a passkey/s);
    expect(demo.app.get(SimulatedPhone).inbox(phoneNumber)).toEqual([]);
    await client.send('/sign-up/check', { channel: 'sms' });
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ location: '/account?done=welcome' });
    expect((await client.get('/account')).page).toContain("Noor d'Orsay");
  });

  it('I1 tells that a number has an account only to who holds it', async () => {
    const phoneNumber = '+31630000015';
    await new BankClient(demo).signIn(phoneNumber);
    clock.advanceSeconds(60);
    const client = new BankClient(demo);
    await client.send('/sign-up', { ...details, phoneNumber });
    const answer = await client.send('/sign-up/check', { channel: 'sms' });
    expect(answer).toMatchObject({ status: 303, location: '/code' });
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ location: '/password?notice=taken' });
    expect(client.cookies.has('session')).toBe(false);
  });

  it('a browser without a draft is led back to the beginning', async () => {
    const client = new BankClient(demo);
    client.cookies.set('draft', 'A'.repeat(43));
    expect(await client.get('/sign-up/check')).toMatchObject({ status: 303, location: '/sign-up' });
    expect(await client.send('/sign-up/check', { channel: 'sms' })).toMatchObject({
      status: 303,
      location: '/sign-up',
    });
  });

  it.each([
    [{ name: '' }, 'name-error'],
    [{ name: '<b>' }, 'name-error'],
    [{ name: '+31612345678' }, 'name-error'],
    [{ phoneNumber: '12' }, 'phone-error'],
    [{ password: 'too short' }, 'password-error'],
  ])('J1 refuses %j at its field', async (wrong, id) => {
    const { status, page } = await new BankClient(demo).send('/sign-up', {
      ...details,
      phoneNumber: '+31630000025',
      ...wrong,
    });
    expect(status).toBe(400);
    expect(page).toMatch(new RegExp(`id="${id}"[^>]*>[^<]+<`));
    expect(page).not.toContain(PASSWORD);
    expect(page).not.toContain('too short');
  });

  it('an account with a password is not signed into by a number alone', async () => {
    const phoneNumber = '+31630000005';
    clock.advanceSeconds(600);
    const client = new BankClient(demo);
    expect(await client.signIn(phoneNumber)).toMatchObject({ status: 303, location: '/password?notice=needed' });
    expect(client.cookies.has('session')).toBe(false);
    clock.advanceSeconds(600);
    const typed = { country: '', phoneNumber };
    const wrong = await client.send('/password', { ...typed, password: `${PASSWORD}!` });
    const unknown = await client.send('/password', { country: '', phoneNumber: '+31630000035', password: PASSWORD });
    expect([wrong.status, unknown.status]).toEqual([422, 422]);
    // All but the phone beside it, whose messages are on their way.
    const main = ({ page }: BankAnswer) => /<main.*<\/main>/s.exec(page)?.[0];
    expect(main(unknown)?.replaceAll('+31630000035', phoneNumber)).toBe(main(wrong));
    expect(await client.send('/password', { ...typed, password: PASSWORD })).toMatchObject({ location: '/code' });
    expect(await client.enterCodeSentTo(phoneNumber)).toMatchObject({ status: 303, location: '/account' });
  });

  it('I3 too many passwords for one number are refused in words, however the number is spelled', async () => {
    const client = new BankClient(demo);
    const spellings = ['+31630000045', '+31 6 3000 0045', '+31(0)630000045'];
    const answers = [];
    for (let n = 0; n < 11; n += 1) {
      const phoneNumber = spellings[n % spellings.length] ?? '';
      answers.push(await client.send('/password', { country: '', phoneNumber, password: 'wrong password' }));
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(422), 429]);
    const refused = answers.at(-1);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused?.page).toContain('Too many tries. Try again in');
  });
});
