import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { startDemo, type RunningDemo } from '../support/demo-app.js';
import { countShifts, shiftIn } from './bank/load-meter.js';
import { visit } from './bank/people.js';
import { CUSTOMER } from './bank/tour.js';
import { otherThan } from './bank/traffic.js';

describe('the code step', () => {
  let browser: Browser;
  let demo: RunningDemo;

  beforeAll(async () => {
    [browser, demo] = await Promise.all([launchBrowser(), startDemo()]);
  });
  afterAll(async () => {
    await browser.close();
    await demo.stop();
  });

  it.each([
    ['1280 px', { width: 1280, height: 800 }],
    ['390 px', { width: 390, height: 844 }],
  ])('does not move what is read while codes are refused, %s wide', async (_width, viewport) => {
    const visitor = await visit({ browser, demo, person: { title: 'at the code step', browser: { viewport } } });
    await countShifts(visitor.page);
    const phoneNumber = viewport.width === 1280 ? CUSTOMER : '+31687654321';
    await visitor.goTo('/');
    await visitor.send('sign-in-form', { phone: phoneNumber });
    await visitor.arrivesAtCode();
    for (const code of ['12', otherThan(demo.lastCodeTo(phoneNumber))]) {
      await visitor.enterCode(code);
      await visitor.element('code-error').filter({ hasText: /./ }).waitFor();
    }
    expect(await shiftIn(visitor.page)).toBe(0);
  });
});
