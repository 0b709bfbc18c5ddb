import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchBrowser } from '../../../test/support/browser.js';
import { CodePage } from './support/code-page.js';
import { PageServer } from './support/page-server.js';

/** What the page asked of the browser. The browser's part is played, as no SMS comes in here. */
interface Asked {
  transport: unknown;
  aborted: boolean;
}

declare global {
  interface Window {
    asked(): Asked[];
    receive(text: string): void;
  }
}

let browser: Browser;
let server: PageServer;
let url: string;
let context: BrowserContext;
let code: CodePage;

beforeAll(async () => {
  browser = await launchBrowser();
  server = new PageServer();
  url = await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

beforeEach(async () => {
  server.posted.length = 0;
  context = await browser.newContext();
  await context.addInitScript(() => {
    const requests: { transport: unknown; signal: AbortSignal; resolve: (credential: unknown) => void }[] = [];
    const get = (request: { otp: { transport: unknown }; signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        requests.push({ transport: request.otp.transport, signal: request.signal, resolve });
        request.signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
      });
    Object.defineProperty(navigator, 'credentials', { value: { get }, configurable: true });
    Object.assign(window, {
      OTPCredential: Credential,
      asked: () => requests.map(({ transport, signal }) => ({ transport, aborted: signal.aborted })),
      receive: (text: string) => requests.at(-1)?.resolve({ code: text }),
    });
  });
});
afterEach(async () => {
  expect(code.faults).toEqual([]);
  await context.close();
});

async function open(query = ''): Promise<void> {
  code = await CodePage.open(context, `${url}/plain-form.html${query}`, { clock: true });
  await code.page.waitForFunction(() => document.querySelector('otp-code-input')?.code === '');
}

const asked = () => code.page.evaluate(() => window.asked());
const receive = (text: string) => code.page.evaluate((received) => window.receive(received), text);
const live = { transport: ['sms'], aborted: false };
const ended = { transport: ['sms'], aborted: true };

it('U1 the code of an SMS is filled in and sent', async () => {
  await open();
  expect(await asked()).toEqual([live]);
  await receive('123456');
  await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  expect(server.posted).toEqual([{ url: '/code', fields: { challenge: 'c1', code: '123456' } }]);
});

it('a code that cannot be right is shown with its error and not sent', async () => {
  await open();
  await receive('12345');
  await code.error.filter({ hasText: '1 digit is missing' }).waitFor();
  expect(await code.field.inputValue()).toBe('12345');
  expect(server.posted).toEqual([]);
});

it('is asked for no more when the code is sent, and again after an error of the page', async () => {
  await open();
  await code.page.evaluate(() => document.addEventListener('otp-code', (event) => event.preventDefault()));
  await code.enter('12345');
  expect(await asked()).toEqual([live]);
  await code.enter('123456');
  expect(await asked()).toEqual([ended]);
  await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => host.showError('Not right.'));
  expect(await asked()).toEqual([ended, live]);
});

it('is asked for no more at expiry', async () => {
  await open('?expires-in=10');
  await code.pass(9);
  expect(await asked()).toEqual([live]);
  await code.pass(1);
  expect(await asked()).toEqual([ended]);
  await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => host.showError('Expired.'));
  expect(await asked()).toEqual([ended]);
});

it('another challenge is asked for anew, a new wait for the resend is not', async () => {
  await open();
  await code.set({ challenge: '2', 'expires-in': '300', 'resend-in': '30' });
  expect(await asked()).toEqual([ended, live]);
  await code.set({ 'resend-in': '60' });
  expect(await asked()).toEqual([ended, live]);
});

it('is asked for no more when the element or the page goes away, and again when it is back', async () => {
  await open();
  await code.page.evaluate(() => {
    const host = document.querySelector('otp-code-input');
    host?.remove();
    Object.assign(window, { host });
  });
  expect(await asked()).toEqual([ended]);
  await code.page.evaluate(() => document.querySelector('form')?.append(Reflect.get(window, 'host')));
  expect(await asked()).toEqual([ended, live]);
  await code.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  expect(await asked()).toEqual([ended, ended]);
  await code.page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  expect(await asked()).toEqual([ended, ended, live]);
});

it('a page can do without', async () => {
  await open('?no-web-otp');
  expect(await asked()).toEqual([]);
  await code.host.evaluate((host) => host.removeAttribute('no-web-otp'));
  expect(await asked()).toEqual([live]);
  await code.set({ 'no-web-otp': '' });
  expect(await asked()).toEqual([ended]);
});

it('a browser that refuses or does not know it changes nothing', async () => {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'credentials', {
      value: { get: () => Promise.reject(new DOMException('no', 'NotAllowedError')) },
    });
  });
  await open();
  await code.enter('12');
  expect(await code.error.textContent()).toContain('4 digits are missing');
  await code.page.addInitScript(() => Reflect.deleteProperty(window, 'OTPCredential'));
  await code.page.reload();
  await code.enter('12345');
  await code.error.filter({ hasText: '1 digit is missing' }).waitFor();
});
