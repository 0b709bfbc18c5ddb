import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { PHONE_NUMBER, startDemo, type RunningDemo } from '../support/demo-app.js';
import { SignInPage } from '../support/sign-in-page.js';

/** The clocks of the store and of the page are moved together, so nobody waits. */
describe('waiting on the page', () => {
  let browser: Browser;
  let demo: RunningDemo;
  let clock: ManualClock;
  let page: Page;
  let signIn: SignInPage;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    clock = new ManualClock(Date.now());
    demo = await startDemo({ store: memoryStore({ namespace: 'demo', clock }), clock });
    page = await browser.newPage();
    await page.clock.install();
    signIn = new SignInPage(page, demo.url);
    await signIn.open();
    await signIn.askForCode(PHONE_NUMBER);
  });
  afterEach(async () => {
    expect(signIn.faults).toEqual([]);
    await page.context().close();
    await demo.stop();
  });

  async function pass(seconds: number): Promise<void> {
    clock.advanceSeconds(seconds);
    await page.clock.fastForward(seconds * 1000);
  }

  it('U4 A5 a new code can be asked for after the wait; the old one is dead', async () => {
    const old = demo.lastCodeTo(PHONE_NUMBER);
    const resend = page.getByRole('button', { name: 'Send a new code' });
    await expect.poll(() => resend.isDisabled()).toBe(true);
    expect(await resend.textContent()).toMatch(/0:\d\d/);
    await pass(32);
    await expect.poll(() => resend.isEnabled()).toBe(true);
    await resend.click();
    await signIn.status.filter({ hasText: 'A new code was sent' }).waitFor();
    await expect.poll(() => resend.isDisabled()).toBe(true);
    const code = demo.lastCodeTo(PHONE_NUMBER);
    expect(code).not.toBe(old);
    await signIn.enter(old);
    await signIn.codeError.filter({ hasText: 'That code is not right.' }).waitFor();
    await signIn.enter(code);
    await page.waitForURL('**/account');
  });

  it('U4 U5 the last minute and the end of the code are announced, and the next one starts again', async () => {
    const expired = demo.lastCodeTo(PHONE_NUMBER);
    await pass(242);
    await signIn.status.filter({ hasText: 'within a minute' }).waitFor();
    await pass(60);
    await signIn.status.filter({ hasText: 'This code has expired.' }).waitFor();
    await signIn.enter(expired);
    await signIn.codeError.filter({ hasText: 'This code has expired.' }).waitFor();
    await page.getByRole('button', { name: 'Send a new code' }).click();
    await signIn.status.filter({ hasText: 'A new code was sent' }).waitFor();
    await signIn.enter(demo.lastCodeTo(PHONE_NUMBER));
    await page.waitForURL('**/account');
  });
});
