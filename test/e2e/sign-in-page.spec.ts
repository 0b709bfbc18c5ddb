import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { startDemo, type RunningDemo } from '../support/demo-app.js';
import { SignInPage } from '../support/sign-in-page.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('signing in through the page', () => {
  let demo: RunningDemo;
  let context: BrowserContext;
  let page: Page;
  let signIn: SignInPage;
  let numbers = 0;
  let local = '';

  beforeAll(async () => {
    demo = await startDemo();
  });
  afterAll(async () => {
    await demo.stop();
  });

  beforeEach(async () => {
    numbers += 1;
    local = `6123400${String(numbers).padStart(2, '0')}`;
    context = await browser.newContext({ locale: 'en-NL' });
    page = await context.newPage();
    signIn = new SignInPage(page, demo.url);
    await signIn.open();
  });
  afterEach(async () => {
    expect(signIn.faults).toEqual([]);
    await context.close();
  });

  const codeOnPhone = () => demo.lastCodeTo(`+31${local}`);

  it('a number and a code lead to the account, signing out ends it', async () => {
    await page.goto(`${demo.url}/account`);
    expect(page.url()).toBe(`${demo.url}/`);

    expect(await signIn.country.inputValue()).toBe('NL');
    await signIn.askForCode(`0${local}`);
    await page.getByText(`+31*******${local.slice(-2)}`, { exact: true }).waitFor();
    await signIn.enter(codeOnPhone());
    await page.waitForURL('**/account');
    await page.getByText(`Signed in as +31*******${local.slice(-2)}`).waitFor();
    const cookie = (await context.cookies()).find(({ name }) => name === 'session');
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'Lax' });

    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL(`${demo.url}/`);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('session');
    await page.goto(`${demo.url}/account`);
    expect(page.url()).toBe(`${demo.url}/`);
  });

  it('U1 a pasted code may have spaces and hyphens', async () => {
    await signIn.askForCode(`+31 ${local}`);
    const code = codeOnPhone();
    await signIn.paste(` ${code.slice(0, 3)} - ${code.slice(3)} `);
    await page.waitForURL('**/account');
  });

  it('U4 U5 says what is wrong with a code, and how many attempts are left', async () => {
    await signIn.askForCode(`0${local}`);
    const code = codeOnPhone();
    for (const [typed, text] of [
      ['', 'Enter the code from the message.'],
      ['12a456', 'The code has only digits.'],
      [code.slice(1), '1 digit is missing: the code has 6.'],
      [`${code}0`, '1 digit too many: the code has 6.'],
      [otherThan(code), 'That code is not right. 4 attempts left.'],
      [otherThan(code), 'That code is not right. 3 attempts left.'],
    ] as const) {
      await signIn.enter(typed);
      await signIn.codeError.filter({ hasText: text }).waitFor();
    }
    expect(await signIn.code.getAttribute('aria-invalid')).toBe('true');
    await signIn.enter(code);
    await page.waitForURL('**/account');
  });

  it('after the last attempt even the right code is refused', async () => {
    await signIn.askForCode(`0${local}`);
    const code = codeOnPhone();
    for (const left of ['4 attempts', '3 attempts', '2 attempts', '1 attempt']) {
      await signIn.enter(otherThan(code));
      await signIn.codeError.filter({ hasText: `That code is not right. ${left} left.` }).waitFor();
    }
    await signIn.enter(otherThan(code));
    await signIn.codeError.filter({ hasText: 'no attempts left' }).waitFor();
    await signIn.enter(code);
    await signIn.codeError.filter({ hasText: 'This code has expired' }).waitFor();
    expect(page.url()).toBe(`${demo.url}/code`);
  });

  it('says what is wrong with a number', async () => {
    await signIn.submitNumber('');
    await signIn.phoneError.filter({ hasText: 'Enter your mobile number.' }).waitFor();
    await signIn.submitNumber('06 12');
    await signIn.phoneError.filter({ hasText: 'not a mobile number' }).waitFor();
    await signIn.country.selectOption('');
    await signIn.submitNumber(`0${local}`);
    await signIn.phoneError.filter({ hasText: 'Choose your country' }).waitFor();
  });

  it('U6 lets a person change the number', async () => {
    await signIn.askForCode(`0${local}`);
    await page.getByRole('link', { name: 'Change the number' }).click();
    await page.waitForURL(`${demo.url}/`);
    await signIn.submitNumber('06 12');
    await signIn.phoneError.filter({ hasText: 'not a mobile number' }).waitFor();
  });

  it('the simulated phone shows the message', async () => {
    await signIn.askForCode(`0${local}`);
    await page.getByText(`+31${local}`).waitFor();
    await page.getByRole('region', { name: 'Messages' }).getByText(codeOnPhone()).first().waitFor();
  });
});

function otherThan(code: string): string {
  return code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
}
