import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimulatedPhone } from '../../apps/demo/src/handset/simulated-phone.js';
import { launchBrowser } from '../support/browser.js';
import { startDemo, type RunningDemo } from '../support/demo-app.js';
import { visit } from './bank/people.js';

interface Spoken {
  /** Of the browser. */
  readonly locale: string;
  readonly language: string;
  readonly signIn: string;
  readonly code: string;
  /** What the code field says by itself. */
  readonly error: string;
  /** Of the message. */
  readonly message: string;
}

const SPOKEN: readonly Spoken[] = [
  { locale: 'en-GB', language: 'en', signIn: 'Sign in', code: 'Enter your code', error: 'digits', message: 'is your' },
  {
    locale: 'nl-BE',
    language: 'nl',
    signIn: 'Inloggen',
    code: 'Vul uw code in',
    error: 'cijfers',
    message: 'is je code',
  },
  { locale: 'fr-FR', language: 'fr', signIn: 'Connexion', code: 'code', error: 'chiffres', message: 'est votre' },
  { locale: 'de-AT', language: 'de', signIn: 'Anmelden', code: 'Code', error: 'Ziffern', message: 'ist Ihr' },
  {
    locale: 'es-ES',
    language: 'es',
    signIn: 'Iniciar sesión',
    code: 'código',
    error: 'cifras',
    message: 'es tu clave',
  },
  { locale: 'ar-EG', language: 'ar', signIn: 'تسجيل الدخول', code: 'رمز', error: 'أرقام', message: 'رمز' },
];

describe('the language is the browser’s', () => {
  let browser: Browser;
  let demo: RunningDemo;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  it.each(SPOKEN)('$locale: page, code step, code field and message', async (spoken) => {
    const { locale, language, signIn, code, error, message } = spoken;
    const phoneNumber = `+3161234120${SPOKEN.indexOf(spoken) + 1}`;
    const visitor = await visit({ browser, demo, person: { title: locale, browser: { locale } } });
    const { page } = visitor;
    await visitor.goTo('/');
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.locator('h1').innerText()).toBe(signIn);
    await visitor.send('sign-in-form', { phone: phoneNumber });
    await visitor.arrivesAtCode();
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(await page.locator('h1').innerText()).toContain(code);
    await visitor.enterCode('abc');
    await visitor.element('code-error').filter({ hasText: error }).waitFor();
    const [sent] = demo.app.get(SimulatedPhone).inbox(phoneNumber);
    expect(sent?.locale).toBe(language);
    expect(sent?.text).toContain(message);
    expect(visitor.faults).toEqual([]);
    await visitor.context.close();
  });

  it('is English for browsers that ask for none of the six', async () => {
    const visitor = await visit({ browser, demo, person: { title: 'in Finnish', browser: { locale: 'fi-FI' } } });
    await visitor.goTo('/');
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe('en');
    await visitor.context.close();
  });
});
