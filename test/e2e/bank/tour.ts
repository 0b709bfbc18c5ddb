import { expect } from 'vitest';
import { DEMO_CONFIG, type DemoConfig } from '../../../apps/demo/src/config.js';
import type { Scenery } from './scenery.js';
import { attack, customersSignIn, otherThan } from './traffic.js';
import type { Visitor } from './visitor.js';

/** A page of the bank in one of its states. The visitor comes from the stop before. */
export interface Stop {
  readonly name: string;
  arrive(visitor: Visitor, scenery: Scenery): Promise<void>;
}

export const CUSTOMER = '+31612345678';
const NEW_NUMBER = '+31687654321';
const PASSWORD = 'eggs on bare sand';
const TRANSFER = { payee: 'Harbour Café', iban: 'NL91 ABNA 0417 1643 00', amount: '12,50' };

/** Milliseconds for a stop: at the desk an hour of traffic is played first. */
export const STOP_TIMEOUT = 120_000;

/** Every page of the demo, in an order in which a person can come by them all. */
export const TOUR: readonly Stop[] = [
  { name: 'sign-in', arrive: (visitor) => visitor.goTo('/') },
  {
    name: 'sign-in-error',
    async arrive(visitor) {
      await visitor.send('sign-in-form', { phone: '06 12' });
      await said(visitor, 'phone-error');
    },
  },
  { name: 'password', arrive: (visitor) => visitor.goTo('/password') },
  {
    name: 'password-error',
    async arrive(visitor) {
      await visitor.send('password-form', { phone: CUSTOMER, password: 'not the password' });
      await said(visitor, 'password-error');
    },
  },
  { name: 'sign-up', arrive: (visitor) => visitor.goTo('/sign-up') },
  {
    name: 'sign-up-errors',
    async arrive(visitor) {
      await visitor.send('sign-up-form', { name: '', phone: '06 12', password: 'short' });
      await said(visitor, 'password-error');
    },
  },
  {
    name: 'sign-up-check',
    async arrive(visitor) {
      await visitor.send('sign-up-form', { name: 'Noor de Wit', phone: CUSTOMER, password: PASSWORD });
      await visitor.isAt('/sign-up/check');
    },
  },
  {
    name: 'code',
    async arrive(visitor) {
      await visitor.hands.press(visitor.page.locator('#check-form button.primary'));
      await visitor.arrivesAtCode();
    },
  },
  {
    name: 'code-wrong',
    async arrive(visitor, { demo }) {
      await visitor.enterCode(otherThan(demo.lastCodeTo(CUSTOMER)));
      await said(visitor, 'code-error');
    },
  },
  {
    name: 'code-expired',
    async arrive(visitor, { pass }) {
      pass(301);
      await visitor.goTo('/code');
    },
  },
  {
    name: 'code-again',
    async arrive(visitor) {
      await visitor.hands.press(visitor.element('resend'));
      await visitor.page.locator('#code-input:not([expires-in="0"])').waitFor();
    },
  },
  {
    name: 'account-new',
    async arrive(visitor) {
      await visitor.enterCodeSentTo(CUSTOMER);
      await visitor.isAt('/account');
    },
  },
  { name: 'no-code', arrive: (visitor) => visitor.goTo('/code') },
  { name: 'transfer', arrive: (visitor) => visitor.goTo('/transfer') },
  {
    name: 'transfer-errors',
    async arrive(visitor) {
      await visitor.send('transfer-form', { payee: '', iban: 'NL00 ABNA', amount: 'much' });
      await said(visitor, 'amount-error');
    },
  },
  {
    name: 'transfer-code',
    async arrive(visitor) {
      await visitor.send('transfer-form', TRANSFER);
      await visitor.arrivesAtCode();
    },
  },
  {
    name: 'account',
    async arrive(visitor) {
      await visitor.enterCodeSentTo(CUSTOMER);
      await visitor.isAt('/account');
    },
  },
  { name: 'number', arrive: (visitor) => visitor.goTo('/number') },
  {
    name: 'number-new',
    async arrive(visitor, { pass }) {
      pass(60);
      await visitor.hands.press(visitor.page.locator('#number-form button.primary'));
      await visitor.arrivesAtCode();
      await visitor.enterCodeSentTo(CUSTOMER);
      await visitor.isAt('/number/new');
    },
  },
  {
    name: 'account-number',
    async arrive(visitor) {
      await visitor.send('new-number-form', { phone: NEW_NUMBER });
      await visitor.arrivesAtCode();
      await visitor.enterCodeSentTo(NEW_NUMBER);
      await visitor.isAt('/account');
    },
  },
  {
    name: 'problem',
    async arrive(visitor) {
      await visitor.goTo('/transfer');
      // More than the page's own form sends.
      await visitor.element('payee').evaluate((field) => field.removeAttribute('maxlength'));
      await visitor.send('transfer-form', { ...TRANSFER, payee: 'Harbour Café '.repeat(4) });
      await visitor.page.locator('main p[role="alert"].lead').waitFor();
    },
  },
  { name: 'not-found', arrive: (visitor) => visitor.goTo('/nowhere') },
  {
    name: 'unavailable',
    async arrive(visitor, { withoutStore }) {
      // The session's cookie is that of the host, and so of both demos.
      const answer = await visitor.page.goto(`${withoutStore.url}/account`);
      expect(answer?.status()).toBe(503);
    },
  },
  { name: 'desk-sign-in', arrive: (visitor) => visitor.goTo('/desk/sign-in') },
  {
    name: 'desk',
    async arrive(visitor, scenery) {
      await customersSignIn(scenery);
      await attack(scenery.demo, 'guess_number');
      const { desk } = scenery.demo.app.get<DemoConfig>(DEMO_CONFIG);
      await visitor.send('desk-form', { password: desk?.password ?? '' });
      await visitor.arrivesAtCode();
      await visitor.enterCodeSentTo(desk?.phoneNumber ?? '');
      await visitor.isAt('/desk');
      // What has happened is brought to the desk some at a time.
      await visitor.page.locator('#desk-events li').first().waitFor();
      await visitor.page.locator('#desk-instances article').nth(1).waitFor();
    },
  },
  { name: 'attack', arrive: (visitor) => visitor.goTo('/attack') },
];

async function said(visitor: Visitor, id: string): Promise<void> {
  await visitor.element(id).filter({ hasText: /./ }).waitFor();
}
