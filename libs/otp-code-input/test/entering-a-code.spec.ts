import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../test/support/browser.js';
import { CodePage } from './support/code-page.js';
import { PageServer } from './support/page-server.js';

/** Every numbering system that Intl knows with ten decimal digits of its own. */
const NUMBERING_SYSTEMS = Intl.supportedValuesOf('numberingSystem').filter((system) =>
  /^\p{Nd}{10}$/u.test(digitsOf(system)),
);

function digitsOf(system: string): string {
  const format = new Intl.NumberFormat('en', { numberingSystem: system, useGrouping: false });
  return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => format.format(digit)).join('');
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
  code = await CodePage.open(context, `${url}/plain-form.html`);
});
afterEach(async () => {
  expect(code.faults).toEqual([]);
  await context.close();
});

describe('a code that is accepted', () => {
  it('U1 spaces, dashes, digits of other scripts and what nobody sees are sent as the plain digits', async () => {
    for (const typed of [
      ' 123 456\u00a0',
      '1-2–3—4\u22125\u20116',
      '１２３４５６',
      '١٢٣٤٥٦',
      '۱۲۳۴۵۶',
      '\u2066\u200f123\u200b456\u2069\ufeff',
    ]) {
      await code.page.goto(`${url}/plain-form.html`);
      await code.enter(typed);
      await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
      expect(server.posted.splice(0)).toEqual([{ url: '/code', fields: { challenge: 'c1', code: '123456' } }]);
    }
  });

  it('U1 digits of every numbering system are read', async () => {
    expect(NUMBERING_SYSTEMS.length).toBeGreaterThan(50);
    await code.set({ length: '10' });
    const read = await code.host.evaluate(
      (host: HTMLElementTagNameMap['otp-code-input'], all) =>
        all.map((digits) => {
          const field = host.querySelector('input');
          if (field) {
            field.value = digits;
          }
          return host.code;
        }),
      NUMBERING_SYSTEMS.map(digitsOf),
    );
    expect(new Set(read)).toEqual(new Set(['0123456789']));
  });

  it('U1 one field, into which autofill and a paste of any length go', async () => {
    expect(await code.host.locator('input').count()).toBe(1);
    const attributes = await code.field.evaluate((field) =>
      Object.fromEntries([...field.attributes].map(({ name, value }) => [name, value])),
    );
    expect(attributes).toMatchObject({ type: 'text', inputmode: 'numeric', autocomplete: 'one-time-code', dir: 'ltr' });
    expect(attributes).not.toHaveProperty('maxlength');
    expect(attributes).not.toHaveProperty('required');
  });

  it('tells the page, which may keep the form from going on', async () => {
    await code.page.evaluate(() => {
      document.addEventListener('otp-code', (event) => {
        event.preventDefault();
        document.title = `asked with ${event.detail.code}`;
      });
      document.addEventListener('submit', () => document.body.append('[submitted]'));
    });
    await code.enter('12 34 56');
    await code.page.waitForFunction(() => document.title === 'asked with 123456');
    expect(await code.field.inputValue()).toBe('123456');
    expect(await code.page.locator('body').textContent()).not.toContain('[submitted]');
    expect(server.posted).toEqual([]);
  });

  it.each([
    ['has a field of the name `method`', '<select name="method"><option>sms</option></select>', 'Continue'],
    ['is sent by a button with a method of its own', '<button formmethod="get">By GET</button>', 'By GET'],
    ['is left by a button that needs no code', '<button formnovalidate name="again" value="1">Again</button>', 'Again'],
  ])('A6 never stands in the address where a form without a method %s', async (_name, more, button) => {
    await code.page.route('**/attacked', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<!doctype html><html lang="en"><title>Code</title><script type="module" src="/otp-code-input/otp-code-input.js">
          </script><form action="/code"><otp-code-input></otp-code-input>${more}<button>Continue</button></form></html>`,
      }),
    );
    await code.page.goto(`${url}/attacked`);
    await code.field.fill('123456');
    await code.page.getByRole('button', { name: button }).click();
    await code.page.getByRole('heading', { name: 'Posted' }).waitFor({ timeout: 3000 });
    expect(server.posted.map((posted) => posted.url)).toEqual(['/code']);
    expect(code.page.url()).not.toContain('123456');
  });

  it('A6 never stands in the address, even where the form forgot its method', async () => {
    await code.page.evaluate(() => document.querySelector('form')?.removeAttribute('method'));
    await code.enter('123456');
    await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
    expect(code.page.url()).toBe(`${url}/code`);
  });
});

describe('a code that is refused before it is sent', () => {
  it('U5 with a plain sentence for each mistake; nothing goes on', async () => {
    await code.page.evaluate(() => {
      document.querySelector('form')?.addEventListener('submit', () => document.body.append('[submitted]'));
      document.addEventListener('submit', () => document.body.append('[submitted]'));
      document.addEventListener('otp-code', () => document.body.append('[told]'));
    });
    for (const [typed, text] of [
      ['', 'Enter the code from the message.'],
      [' - ', 'Enter the code from the message.'],
      ['12a456', 'The code has only digits.'],
      ['½23456', 'The code has only digits.'],
      ['12345', '1 digit is missing: the code has 6.'],
      ['1234', '2 digits are missing: the code has 6.'],
      ['1234567', '1 digit too many: the code has 6.'],
      ['12345678', '2 digits too many: the code has 6.'],
    ] as const) {
      await code.enter(typed);
      expect(await code.error.textContent()).toBe(text);
      expect(await code.field.getAttribute('aria-invalid')).toBe('true');
      expect(await code.isFocused(code.field)).toBe(true);
    }
    expect(await code.page.locator('body').textContent()).not.toMatch(/\[/);
    expect(server.posted).toEqual([]);
  });

  it('U4 U5 the error, the hint and the expiry belong to the field; the focus goes there', async () => {
    await code.page.getByRole('button', { name: 'Sign in' }).click();
    await code.error.filter({ hasText: 'Enter the code' }).waitFor();
    expect(await code.isFocused(code.field)).toBe(true);
    const described = await code.field.evaluate((field) =>
      (field.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent),
    );
    expect(described).toEqual([
      'Enter the code from the message.',
      expect.stringMatching(/^Six digits/),
      expect.stringMatching(/^Valid for \d:\d\d$/),
    ]);
    await code.enter('123456');
    await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
  });

  it('leaves other buttons and other forms alone', async () => {
    await code.page.evaluate(() => {
      const cancel = document.createElement('button');
      cancel.formNoValidate = true;
      cancel.name = 'cancel';
      cancel.textContent = 'Cancel';
      document.querySelector('form')?.append(cancel);
    });
    await code.field.fill('12');
    await code.page.getByRole('button', { name: 'Cancel' }).click();
    await code.page.getByRole('heading', { name: 'Posted' }).waitFor();
    expect(server.posted).toEqual([{ url: '/code', fields: { challenge: 'c1', code: '12', cancel: '' } }]);
  });
});

describe('the page speaks', () => {
  it('U5 an error from the server is shown at the field, and is gone with the next answer', async () => {
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) =>
      host.showError('That code is not right.'),
    );
    expect(await code.error.textContent()).toBe('That code is not right.');
    expect(await code.field.getAttribute('aria-invalid')).toBe('true');
    expect(await code.isFocused(code.field)).toBe(true);
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => host.clear());
    expect(await code.error.textContent()).toBe('');
    expect(await code.field.getAttribute('aria-invalid')).toBeNull();
  });

  it('U4 an announcement moves no focus', async () => {
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => host.announce('A new code was sent.'));
    expect(await code.page.getByRole('status').textContent()).toBe('A new code was sent.');
    expect(await code.isFocused(code.field)).toBe(false);
  });

  it('an error that came with the page marks the field', async () => {
    await code.page.route('**/plain-form.html', async (route) => {
      const answer = await route.fetch();
      const html = (await answer.text()).replace('role="alert">', 'role="alert">That code is not right.');
      await route.fulfill({ response: answer, body: html });
    });
    await code.page.reload();
    await code.page.locator('input[aria-invalid=true]').waitFor();
    expect(await code.error.textContent()).toBe('That code is not right.');
  });

  it('with words of its own, and their plurals', async () => {
    await code.host.evaluate((host: HTMLElementTagNameMap['otp-code-input']) => {
      document.documentElement.lang = 'pl';
      host.texts = {
        tooFew: { one: 'Brakuje {count} cyfry.', few: 'Brakuje {count} cyfr (few).', other: 'Brakuje {count} cyfr.' },
      };
    });
    await code.enter('1234');
    expect(await code.error.textContent()).toBe('Brakuje 2 cyfr (few).');
    await code.enter('12345');
    expect(await code.error.textContent()).toBe('Brakuje 1 cyfry.');
  });
});
