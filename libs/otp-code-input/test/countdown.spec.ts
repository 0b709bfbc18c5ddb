import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../test/support/browser.js';
import { CodePage } from './support/code-page.js';
import { PageServer } from './support/page-server.js';

let browser: Browser;
let server: PageServer;
let url: string;
let context: BrowserContext;
let code: CodePage;

beforeAll(async () => {
  browser = await launchBrowser();
  context = await browser.newContext();
  server = new PageServer();
  url = await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(async () => {
  expect(code.faults).toEqual([]);
  await code.page.close();
});

async function open(query = ''): Promise<void> {
  code = await CodePage.open(context, `${url}/plain-form.html${query}`, { clock: true });
  await code.expiry.filter({ hasNotText: 'minutes' }).waitFor();
}

/** What the page shows of time: expiry, resend button, announcement. */
async function shown(): Promise<[string | null, string, boolean, string | null]> {
  const resend = (await code.resend.textContent()) ?? '';
  return [
    await code.expiry.textContent(),
    resend.trim(),
    await code.resend.isEnabled(),
    await code.status.textContent(),
  ];
}

/** Every text that the status part has had from now on. */
async function recordAnnouncements(): Promise<() => Promise<string[]>> {
  await code.status.evaluate((status) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    new MutationObserver(() => heard.push(status.textContent)).observe(status, { childList: true });
  });
  return () => code.page.evaluate(() => Reflect.get(window, 'heard') as string[]);
}

describe('the countdown', () => {
  it('U4 announces the resend, the last minute and the end once each, and moves no focus', async () => {
    await open();
    const signIn = code.page.getByRole('button', { name: 'Sign in' });
    await signIn.focus();
    const announcements = await recordAnnouncements();
    expect(await shown()).toEqual(['Valid for 5:00', 'Send a new code in 0:30', false, '']);
    await code.pass(1);
    expect(await shown()).toEqual(['Valid for 4:59', 'Send a new code in 0:29', false, '']);
    await code.pass(28);
    expect(await shown()).toEqual(['Valid for 4:31', 'Send a new code in 0:01', false, '']);
    await code.pass(1);
    expect(await shown()).toEqual(['Valid for 4:30', 'Send a new code', true, 'You can ask for a new code now.']);
    await code.pass(209);
    expect(await code.expiry.textContent()).toBe('Valid for 1:01');
    await code.pass(1);
    expect(await code.status.textContent()).toBe('The code stops working within a minute.');
    await code.pass(60);
    const expired = 'This code has expired. Ask for a new one.';
    expect(await shown()).toEqual(['No longer valid', 'Send a new code', true, expired]);
    await code.pass(600);
    await code.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    expect(await announcements()).toEqual([
      'You can ask for a new code now.',
      'The code stops working within a minute.',
      expired,
    ]);
    expect(await code.isFocused(signIn)).toBe(true);
  });

  it('U5 an expired code is refused without being sent, and a new one takes the error back', async () => {
    await open('?expires-in=2');
    await code.pass(2);
    await code.enter('123456');
    expect(await code.error.textContent()).toBe('This code has expired. Ask for a new one.');
    expect(server.posted).toEqual([]);
    await code.set({ 'expires-in': '300' });
    expect(await shown()).toEqual(['Valid for 5:00', 'Send a new code in 0:28', false, '']);
    expect([await code.error.textContent(), await code.field.getAttribute('aria-invalid')]).toEqual(['', null]);
    expect(await code.field.inputValue()).toBe('123456');
  });

  it('goes by the monotonic clock, whatever the clock on the wall says', async () => {
    await open();
    await code.page.evaluate(() => {
      Date.now = () => 0;
    });
    await code.pass(10);
    expect(await code.expiry.textContent()).toBe('Valid for 4:50');
  });

  it('a page that slept catches up at once', async () => {
    await open();
    const announcements = await recordAnnouncements();
    await code.page.evaluate(() => {
      // No timer fires, as in a tab that is frozen.
      Object.assign(window, { setTimeout: () => 0 });
    });
    await code.pass(270);
    expect(await code.expiry.textContent()).toBe('Valid for 4:59');
    await code.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    expect((await shown()).slice(0, 3)).toEqual(['Valid for 0:30', 'Send a new code', true]);
    expect(await announcements()).toContain('The code stops working within a minute.');
  });

  it('without durations, or with what is none, nothing counts: the server decides', async () => {
    const given = ['-5', '1e3', '99999999'].map((value) => `expires-in=${value}&resend-in=${value}`);
    for (const query of ['-expires-in&-resend-in', ...given]) {
      code = await CodePage.open(context, `${url}/plain-form.html?${query}`, { clock: true });
      await code.page.waitForFunction(() => document.querySelector('otp-code-input')?.code === '');
      await code.pass(1000);
      expect(await shown()).toEqual(['Valid for 5 minutes', 'Send a new code', true, '']);
      await code.page.close();
    }
  });
});

describe('a new code without a new page', () => {
  it('U4 durations that are set again start again, also with the same value', async () => {
    await open();
    await code.pass(40);
    await code.field.fill('12');
    await code.set({ 'expires-in': '300', 'resend-in': '30' });
    expect(await shown()).toEqual(['Valid for 5:00', 'Send a new code in 0:30', false, '']);
    expect(await code.field.inputValue()).toBe('12');
  });

  it('A5 another challenge starts all again and empties the field; what the page said stays', async () => {
    await open();
    await code.pass(40);
    await code.enter('12');
    expect(await code.error.textContent()).toContain('4 digits are missing');
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => {
      host.announce('A new code was sent.');
      host.setAttribute('challenge', '2');
    });
    expect(await shown()).toEqual(['Valid for 5:00', 'Send a new code in 0:30', false, 'A new code was sent.']);
    expect(await code.field.inputValue()).toBe('');
    expect(await code.error.textContent()).toBe('');
    await code.field.fill('12');
    await code.set({ challenge: '2' });
    expect(await code.field.inputValue()).toBe('12');
  });

  it('a focused resend button that starts to wait gives the focus to the field', async () => {
    await open();
    await code.pass(30);
    await code.resend.focus();
    await code.set({ challenge: '2' });
    expect(await code.isFocused(code.field)).toBe(true);
  });

  it('U6 holds and frees the resend buttons of several channels together', async () => {
    await open();
    await code.page.evaluate(() => {
      const call = document.createElement('button');
      call.id = 'call';
      call.textContent = 'Call me';
      document.body.append(call);
      document.querySelector('otp-code-input')?.setAttribute('resend', 'resend call');
    });
    await code.set({ challenge: '2' });
    const call = code.page.locator('#call');
    const both = async () => [await code.resend.isEnabled(), await call.isEnabled()];
    expect(await both()).toEqual([false, false]);
    expect((await call.textContent())?.trim()).toBe('Call me in 0:30');
    await code.pass(30);
    expect(await both()).toEqual([true, true]);
    await call.focus();
    await code.set({ challenge: '3' });
    expect(await code.isFocused(code.field)).toBe(true);
  });

  it('parts that the page replaced are found again', async () => {
    await open();
    await code.page.evaluate(() => {
      const again = document.createElement('button');
      again.id = 'resend';
      again.textContent = 'Once more';
      document.getElementById('resend')?.replaceWith(again);
      document.querySelector('[data-part=error]')?.remove();
      document.querySelector('[data-part=expiry]')?.remove();
    });
    await code.pass(1);
    expect(await shown()).toEqual(['Valid for 4:59', 'Once more in 0:29', false, '']);
    await code.enter('1');
    expect(await code.page.getByRole('alert').textContent()).toBe('5 digits are missing: the code has 6.');
  });
});

describe('leaving and coming back', () => {
  /** How often a second is shown. */
  async function shownInASecond(): Promise<number> {
    await code.expiry.evaluate((expiry) => {
      Object.assign(window, { shown: 0 });
      new MutationObserver(() => Object.assign(window, { shown: Reflect.get(window, 'shown') + 1 })).observe(expiry, {
        childList: true,
      });
    });
    await code.pass(1);
    return code.page.evaluate(() => Number(Reflect.get(window, 'shown')));
  }

  it('an element that is moved keeps its time and one timer', async () => {
    await open();
    await code.pass(10);
    await code.page.evaluate(() => {
      const host = document.querySelector('otp-code-input');
      const form = document.querySelector('form');
      if (host && form) {
        host.remove();
        form.append(host);
        form.prepend(host);
      }
    });
    expect(await shown()).toEqual(['Valid for 4:50', 'Send a new code in 0:20', false, '']);
    expect(await shownInASecond()).toBe(1);
    await code.enter('1');
    expect(await code.error.textContent()).toContain('5 digits are missing');
  });

  it('a page out of the back/forward cache catches up with one timer', async () => {
    await open();
    await code.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await code.pass(10);
    expect(await code.expiry.textContent()).toBe('Valid for 5:00');
    await code.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await code.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    expect(await code.expiry.textContent()).toBe('Valid for 4:50');
    expect(await shownInASecond()).toBe(1);
  });

  it('an element that is taken away leaves the resend button usable and refuses nothing', async () => {
    await open();
    await code.page.evaluate(() => document.querySelector('otp-code-input')?.remove());
    await code.pass(5);
    expect(await code.resend.isEnabled()).toBe(true);
    expect((await code.resend.textContent())?.trim()).toBe('Send a new code');
    await code.page.getByRole('button', { name: 'Sign in' }).click();
    await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  });
});
