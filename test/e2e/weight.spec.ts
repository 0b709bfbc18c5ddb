import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.js';
import { startDemo, type RunningDemo } from '../support/demo-app.js';
import { countShifts, measureLoad, shiftIn } from './bank/load-meter.js';
import { visit } from './bank/people.js';
import { type Scenery, startScenery } from './bank/scenery.js';
import { CUSTOMER, STOP_TIMEOUT, TOUR } from './bank/tour.js';
import { otherThan } from './bank/traffic.js';
import type { Visitor } from './bank/visitor.js';

const MOST_BYTES = 100_000;

/** Each test begins where the last one ended. */
describe('the first visit of every page', () => {
  let browser: Browser;
  let scenery: Scenery;
  let visitor: Visitor;

  beforeAll(async () => {
    [browser, scenery] = await Promise.all([launchBrowser(), startScenery()]);
    visitor = await visit({ browser, demo: scenery.demo });
  });
  afterAll(async () => {
    await browser.close();
    await scenery.stop();
  });

  it.each(TOUR)(
    '$name is light, complete in itself and steady',
    async ({ arrive }) => {
      await arrive(visitor, scenery);
      const url = visitor.page.url();
      const load = await measureLoad(visitor.context, url);
      expect(load.bytes).toBeGreaterThan(5000);
      expect(load.bytes).toBeLessThan(MOST_BYTES);
      const { origin } = new URL(url);
      expect(load.urls.filter((asked) => !asked.startsWith(`${origin}/`))).toEqual([]);
      expect(load.policy).toMatch(/default-src 'none'/);
      expect(load.policy).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
      expect(load.inline).toEqual([]);
      expect(load.shift).toBe(0);
    },
    STOP_TIMEOUT,
  );
});

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
