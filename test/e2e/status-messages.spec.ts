import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { startDemo, type RunningDemo } from '../support/demo-app.js';
import { PEOPLE, visit } from './bank/people.js';
import { otherThan } from './bank/traffic.js';
import type { Visitor } from './bank/visitor.js';

const WITHOUT_SCRIPTS = PEOPLE.find(({ browser }) => browser?.javaScriptEnabled === false);

describe('what a screen reader and a keyboard find', () => {
  let browser: Browser;
  let demo: RunningDemo;
  let visitor: Visitor;
  let page: Page;
  let numbers = 10;
  let phoneNumber = '';

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  beforeEach(async () => {
    numbers += 1;
    phoneNumber = `+316123411${numbers}`;
    visitor = await visit({ browser, demo, person: { title: 'in English', browser: { locale: 'en-GB' } } });
    ({ page } = visitor);
    await visitor.goTo('/');
  });
  afterEach(() => visitor.context.close());

  async function arriveAtCode(): Promise<void> {
    await visitor.send('sign-in-form', { phone: phoneNumber });
    await visitor.arrivesAtCode();
  }

  it('U4 a wrong code is an alert, and the focus stays in the field', async () => {
    await arriveAtCode();
    await visitor.element('status').filter({ hasText: '5 attempts left' }).waitFor();
    const alert = page.getByRole('alert').filter({ hasText: /./ });
    for (const left of ['4 attempts left', '3 attempts left']) {
      await visitor.element('code').fill(otherThan(demo.lastCodeTo(phoneNumber)));
      await page.keyboard.press('Enter');
      await alert.filter({ hasText: left }).waitFor();
      expect(await focused(page)).toBe('code');
    }
    expect(await describedBy(page, 'code')).toContain('3 attempts left');
    expect(await visitor.element('status').innerText()).toBe('');
  });

  it('U4 U6 neither a text nor a call can be asked for before the wait is over, and both say how long that is', async () => {
    await arriveAtCode();
    for (const id of ['resend', 'other-channel']) {
      await visitor
        .element(id)
        .filter({ hasText: /\d:\d\d/ })
        .waitFor();
      expect(await visitor.element(id).isDisabled()).toBe(true);
    }
  });

  it('an error at a field is tied to it, and what was typed stays', async () => {
    await visitor.send('sign-in-form', { phone: '06 12' });
    await page.getByRole('alert').filter({ hasText: 'not a mobile number' }).waitFor();
    const field = visitor.element('phone');
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await describedBy(page, 'phone')).toContain('not a mobile number');
    expect(await field.inputValue()).toBe('06 12');
  });

  it('after a refusal the focus is in the first field that is wrong', async () => {
    await visitor.goTo('/sign-up');
    await visitor.send('sign-up-form', { name: 'Noor de Wit', phone: '06 12', password: 'short' });
    await visitor.element('password-error').filter({ hasText: /./ }).waitFor();
    expect(await focused(page)).toBe('phone');
  });

  it('the skip links come first, are seen when they have the focus, and lead to content and phone', async () => {
    for (const [presses, target] of [
      [1, 'main'],
      [2, 'handset'],
    ] as const) {
      await visitor.goTo('/sign-up');
      for (let press = 0; press < presses; press += 1) {
        await page.keyboard.press('Tab');
      }
      const link = page.locator(':focus');
      expect(await link.getAttribute('href')).toBe(`#${target}`);
      const box = await link.boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect(box?.height).toBeGreaterThan(10);
      await page.keyboard.press('Enter');
      expect(await focused(page)).toBe(target);
    }
  });

  it('whatever has the focus shows it', async () => {
    const isShown = `(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    })()`;
    const hidden: string[] = [];
    let stops = 0;
    for (; stops < 40; stops += 1) {
      await page.keyboard.press('Tab');
      if ((await focused(page)) === 'BODY') {
        break;
      }
      if (!(await page.evaluate<boolean>(isShown))) {
        hidden.push(await focused(page));
      }
    }
    expect(hidden).toEqual([]);
    expect(stops).toBeGreaterThan(7);
  });

  it('has the landmarks of a page, each navigation with a name of its own', async () => {
    for (const role of ['banner', 'main', 'contentinfo', 'complementary'] as const) {
      expect(await page.getByRole(role).count(), role).toBe(1);
    }
    await arriveAtCode();
    await visitor.enterCodeSentTo(phoneNumber);
    await visitor.isAt('/account');
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor();
    await page.getByRole('navigation', { name: 'Other pages' }).waitFor();
  });

  it('the phone shows that a message has arrived, without a reload', async () => {
    await arriveAtCode();
    await page.locator('.phone-message').first().locator('.phone-delivered').waitFor();
    await visitor.element('delivery').filter({ hasText: 'The message has arrived.' }).waitFor();
  });

  it('without JavaScript the answer has the error at its field and the focus in the code', async () => {
    const reader = await visit({ browser, demo, ...(WITHOUT_SCRIPTS && { person: WITHOUT_SCRIPTS }) });
    await reader.goTo('/');
    await reader.send('sign-in-form', { phone: phoneNumber });
    await reader.arrivesAtCode();
    await reader.enterCode('12');
    await reader.element('code-error').filter({ hasText: /./ }).waitFor();
    expect(await reader.element('code').getAttribute('aria-invalid')).toBe('true');
    await reader.page.locator('#code:focus').waitFor();
    await reader.context.close();
  });
});

/** The id of the element with the focus, or its name where it has none. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>('document.activeElement.id || document.activeElement.tagName');
}

function describedBy(page: Page, id: string): Promise<string> {
  return page.evaluate<string>(
    `document.getElementById('${id}').getAttribute('aria-describedby').split(' ').map((part) => document.getElementById(part).textContent).join(' ')`,
  );
}
