import { randomInt } from 'node:crypto';
import { expect } from 'vitest';
import { AccountsService } from '../../../apps/demo/src/accounts/accounts.service.js';
import { Passwords } from '../../../apps/demo/src/accounts/passwords.js';
import { DEMO_CONFIG, type DemoConfig } from '../../../apps/demo/src/config.js';
import type { RunningDemo } from '../../support/demo-app.js';
import type { Visitor } from './visitor.js';

const PASSWORD = 'eggs on bare sand';
const IBAN = 'NL91 ABNA 0417 1643 00';

/** What a person does at the bank, from the first page to the last. Every one begins signed out. */
export interface Flow {
  readonly title: string;
  run(visitor: Visitor, demo: RunningDemo, another: () => Promise<Visitor>): Promise<void>;
}

export const FLOWS: readonly Flow[] = [
  {
    title: 'number and code, then signing out',
    async run(visitor) {
      await signInByNumber(visitor, freshNumber());
      await visitor.press('/session/end');
      await visitor.isAt('/');
      await visitor.goTo('/account');
      await visitor.isAt('/');
    },
  },
  {
    title: 'password, then code',
    async run(visitor, demo) {
      const phoneNumber = await customer(demo);
      await visitor.goTo('/password');
      await visitor.send('password-form', { phone: phoneNumber, password: 'not the password' });
      await visitor.element('password-error').filter({ hasText: /./ }).waitFor();
      await signInByPassword(visitor, phoneNumber);
    },
  },
  {
    title: 'signing up with a number that is checked twice, and the risk of messages shown (D1, U7)',
    async run(visitor) {
      await signUp(visitor, freshNumber());
      await visitor.page.getByText('Noor de Wit').waitFor();
    },
  },
  {
    title: 'H8 a transfer, confirmed by a code whose message shows amount and payee',
    async run(visitor, demo) {
      const phoneNumber = freshNumber();
      await signInByNumber(visitor, phoneNumber);
      await visitor.goTo('/transfer');
      await visitor.send('transfer-form', { payee: 'Harbour Café', iban: IBAN, amount: '12,50' });
      await visitor.arrivesAtCode();
      const text = demo.messagesTo(phoneNumber)[0]?.text;
      expect(text).toMatch(/12[.,]50 EUR/);
      expect(text).toContain('Harbour Café');
      await visitor.enterCodeSentTo(phoneNumber);
      await visitor.isAt('/account');
      await visitor.page.getByText('Harbour Café', { exact: true }).waitFor();
    },
  },
  {
    title: 'D4 a change of number: a code to the old one first, a notice to it at the end',
    async run(visitor, demo) {
      const [former, next] = [freshNumber(), freshNumber()];
      await signInByNumber(visitor, former);
      await visitor.goTo('/number/new');
      await visitor.isAt('/number');
      await visitor.hands.press(visitor.page.locator('#number-form button.primary'));
      await visitor.arrivesAtCode();
      await visitor.enterCodeSentTo(former);
      await visitor.isAt('/number/new');
      await visitor.send('new-number-form', { phone: next });
      await visitor.arrivesAtCode();
      await visitor.enterCodeSentTo(next);
      await visitor.isAt('/account');
      await visitor
        .element('who')
        .filter({ hasText: next.slice(-2) })
        .waitFor();
      const [notice] = demo.messagesTo(former);
      expect(notice?.text).toMatch(/^Tern Bank/);
      expect(notice?.text).not.toMatch(/\d{6}/);
    },
  },
  {
    title: 'a trusted browser, and forgetting it',
    async run(visitor) {
      const phoneNumber = freshNumber();
      await askForCode(visitor, phoneNumber);
      await visitor.hands.press(visitor.element('remember'));
      await visitor.enterCodeSentTo(phoneNumber);
      await visitor.isAt('/account');
      const trusted = async () =>
        (await visitor.context.cookies()).some(({ name }) => /^(?:__Host-)?otp-device$/.test(name));
      expect(await trusted()).toBe(true);
      await visitor.press('/account/forget-browser');
      await visitor.page.locator('.notice').waitFor();
      expect(await trusted()).toBe(false);
    },
  },
  {
    title: 'signing out everywhere',
    async run(visitor, _demo, another) {
      const phoneNumber = freshNumber();
      await signUp(visitor, phoneNumber);
      const elsewhere = await another();
      await signInByPassword(elsewhere, phoneNumber);
      await visitor.press('/account/sign-out-everywhere');
      await visitor.isAt('/');
      await elsewhere.goTo('/account');
      await elsewhere.isAt('/');
    },
  },
  {
    title: 'the security desk, by password and code',
    async run(visitor, demo) {
      const { desk } = demo.app.get<DemoConfig>(DEMO_CONFIG);
      await visitor.goTo('/desk');
      await visitor.isAt('/desk/sign-in');
      await visitor.send('desk-form', { password: 'not the password' });
      await visitor.element('password-error').filter({ hasText: /./ }).waitFor();
      await visitor.send('desk-form', { password: desk?.password ?? '' });
      await visitor.arrivesAtCode();
      await visitor.goTo('/desk');
      await visitor.isAt('/desk/sign-in');
      await visitor.goTo('/code');
      await visitor.enterCodeSentTo(desk?.phoneNumber ?? '');
      await visitor.isAt('/desk');
    },
  },
];

export async function askForCode(visitor: Visitor, phoneNumber: string): Promise<void> {
  await visitor.goTo('/');
  await visitor.send('sign-in-form', { phone: phoneNumber });
  await visitor.arrivesAtCode();
}

async function signInByNumber(visitor: Visitor, phoneNumber: string): Promise<void> {
  await askForCode(visitor, phoneNumber);
  await visitor.enterCodeSentTo(phoneNumber);
  await visitor.isAt('/account');
}

async function signUp(visitor: Visitor, phoneNumber: string): Promise<void> {
  await visitor.goTo('/sign-up');
  await visitor.send('sign-up-form', { name: 'Noor de Wit', phone: phoneNumber, password: PASSWORD });
  await visitor.isAt('/sign-up/check');
  expect(await visitor.page.locator('.number').innerText()).toContain(phoneNumber.slice(-2));
  await visitor.element('risk-title').waitFor();
  await visitor.hands.press(visitor.page.locator('#check-form button.primary'));
  await visitor.arrivesAtCode();
  await visitor.enterCodeSentTo(phoneNumber);
  await visitor.isAt('/account');
}

async function signInByPassword(visitor: Visitor, phoneNumber: string): Promise<void> {
  await visitor.goTo('/password');
  await visitor.send('password-form', { phone: phoneNumber, password: PASSWORD });
  await visitor.arrivesAtCode();
  await visitor.enterCodeSentTo(phoneNumber);
  await visitor.isAt('/account');
}

/** A customer with a password. */
async function customer(demo: RunningDemo): Promise<string> {
  const phoneNumber = freshNumber();
  const passwordHash = await demo.app.get(Passwords).hash(PASSWORD);
  await demo.app.get(AccountsService).open({ name: 'Sam Visser', phoneNumber, passwordHash });
  return phoneNumber;
}

/** A Dutch mobile number that nobody has used; not one of those that messages never reach. */
export function freshNumber(): string {
  return `+316${String(randomInt(20_000_00, 59_999_99))}${String(randomInt(1, 9))}`;
}
