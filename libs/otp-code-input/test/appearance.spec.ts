import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { accessibilityProblems } from '../../../test/support/axe.js';
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
  server = new PageServer();
  url = await server.start();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});
afterEach(async () => {
  await context.close();
});

async function open(file: string, options: BrowserContextOptions = {}): Promise<void> {
  server.posted.length = 0;
  context = await browser.newContext(options);
  code = await CodePage.open(context, `${url}/${file}`);
}

it('U1 without JavaScript it is a plain form that can be sent, and whose code can be asked for again', async () => {
  await open('plain-form.html', { javaScriptEnabled: false });
  await code.page.getByLabel('Your code').fill('123 456');
  await code.page.getByRole('button', { name: 'Sign in' }).click();
  await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  await code.page.goBack();
  await code.page.getByRole('button', { name: 'Send a new code' }).click();
  await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  expect(server.posted).toEqual([
    { url: '/code', fields: { challenge: 'c1', code: '123 456' } },
    { url: '/resend', fields: {} },
  ]);
});

it('alone in a form it brings its own label, field and texts', async () => {
  await open('smallest.html');
  await code.page.getByLabel('Code', { exact: true }).fill('12');
  await code.page.getByRole('button', { name: 'Sign in' }).click();
  expect(await code.page.getByRole('alert').textContent()).toBe('4 digits are missing: the code has 6.');
  const order = await code.host.evaluate((host) =>
    [...host.children].map((part) => part.getAttribute('data-part') ?? part.localName),
  );
  expect(order).toEqual(['label', 'input', 'expiry', 'error', 'status']);
  expect(await accessibilityProblems(code.page)).toEqual([]);
  await code.enter('123456');
  await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  expect(server.posted).toEqual([{ url: '/code', fields: { code: '123456' } }]);
});

it.each(['light', 'dark'] as const)(
  '%s: axe-core finds nothing wrong, with and without an error',
  async (colorScheme) => {
    await open('plain-form.html', { colorScheme });
    await code.expiry.filter({ hasNotText: 'minutes' }).waitFor();
    expect(await accessibilityProblems(code.page)).toEqual([]);
    await code.enter('1');
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => host.announce('A new code was sent.'));
    expect(await accessibilityProblems(code.page)).toEqual([]);
    const [ink, danger] = await Promise.all(
      [code.field, code.error].map((part) => part.evaluate((element) => getComputedStyle(element).color)),
    );
    const light = { ink: 'rgb(18, 35, 43)', danger: 'rgb(163, 40, 28)' };
    expect({ ink, danger }).toEqual(
      colorScheme === 'light' ? light : { ink: 'rgb(230, 238, 241)', danger: 'rgb(255, 156, 142)' },
    );
    expect(code.faults).toEqual([]);
  },
);

it('works with the keyboard only, and the focus can be seen', async () => {
  await open('plain-form.html');
  await code.expiry.filter({ hasNotText: 'minutes' }).waitFor();
  await code.page.keyboard.press('Tab');
  expect(await code.isFocused(code.field)).toBe(true);
  const outline = await code.field.evaluate((field) => getComputedStyle(field).outline);
  expect(outline).toContain('solid 3px');
  await code.page.keyboard.type('12 34');
  await code.page.keyboard.press('Tab');
  await code.page.keyboard.press('Space');
  expect(await code.error.textContent()).toBe('2 digits are missing: the code has 6.');
  expect(await code.isFocused(code.field)).toBe(true);
  await code.page.keyboard.press('End');
  await code.page.keyboard.type('56');
  await code.page.keyboard.press('Enter');
  await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  expect(server.posted).toEqual([{ url: '/code', fields: { challenge: 'c1', code: '123456' } }]);
});

it('high contrast: field, error and focus keep their lines', async () => {
  await open('plain-form.html', { forcedColors: 'active' });
  await code.expiry.filter({ hasNotText: 'minutes' }).waitFor();
  const lines = () =>
    code.field.evaluate((field) => {
      const { borderTopWidth, borderTopStyle, outlineStyle } = getComputedStyle(field);
      return [borderTopWidth, borderTopStyle, outlineStyle];
    });
  expect(await lines()).toEqual(['2px', 'solid', 'none']);
  await code.enter('1');
  expect(await lines()).toEqual(['2px', 'dashed', 'solid']);
  expect(await code.error.evaluate((error) => getComputedStyle(error).borderLeftWidth)).toBe('3px');
});

it.each([
  ['reduce', '0s'],
  ['no-preference', '0.15s'],
] as const)('reduced motion %s: transitions of %s', async (reducedMotion, duration) => {
  await open('plain-form.html', { reducedMotion });
  expect(await code.field.evaluate((field) => getComputedStyle(field).transitionDuration)).toBe(duration);
});

it.each([
  ['320 px', { width: 320, height: 640 }, 16],
  ['640 px at 200 % text', { width: 320, height: 640 }, 32],
])('%s: nothing is cut off, and no error moves what is below', async (_, viewport, fontSize) => {
  await open('plain-form.html?lang=de', { viewport });
  await code.page.evaluate((size) => {
    const sheet = new CSSStyleSheet();
    sheet.insertRule(`html { font-size: ${size}px }`);
    document.adoptedStyleSheets = [sheet];
  }, fontSize);
  await code.expiry.filter({ hasNotText: 'minutes' }).waitFor();
  const button = code.page.getByRole('button', { name: 'Sign in' });
  const before = await button.boundingBox();
  await code.enter('12');
  expect(await code.error.textContent()).toContain('Es fehlen 4 Ziffern');
  expect(await button.boundingBox()).toEqual(before);
  const { scrollWidth, clientWidth } = await code.page.evaluate(() => document.documentElement);
  expect(scrollWidth).toBe(clientWidth);
});

it('takes the colours and sizes of its page', async () => {
  await open('plain-form.html', { reducedMotion: 'reduce' });
  await code.page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.insertRule(':root { --otp-code-border: rgb(1, 2, 3); --otp-code-radius: 9px; --otp-code-size: 2rem }');
    document.adoptedStyleSheets = [sheet];
  });
  const style = await code.field.evaluate((field) => {
    const { borderTopColor, borderTopLeftRadius, fontSize } = getComputedStyle(field);
    return [borderTopColor, borderTopLeftRadius, fontSize];
  });
  expect(style).toEqual(['rgb(1, 2, 3)', '9px', '32px']);
});

it('from right to left the field stays left to right and starts where lines start', async () => {
  await open('plain-form.html?lang=ar');
  const style = await code.field.evaluate((field) => {
    const { direction, textAlign } = getComputedStyle(field);
    return { direction, textAlign };
  });
  expect(style).toEqual({ direction: 'ltr', textAlign: 'right' });
  await code.enter('12');
  const border = await code.error.evaluate((error) => getComputedStyle(error).borderRightWidth);
  expect(border).toBe('3px');
  expect(await accessibilityProblems(code.page)).toEqual([]);
});
