import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../support/axe.js';
import { launchBrowser } from '../support/browser.js';
import { expectLight } from './bank/expect-light.js';
import { visit } from './bank/people.js';
import { type Scenery, startScenery } from './bank/scenery.js';
import { STOP_TIMEOUT, TOUR } from './bank/tour.js';
import type { Visitor } from './bank/visitor.js';

const DESKTOP = { width: 1280, height: 720 };
const PHONE = { width: 320, height: 568 };

/** How a page is looked at; between them two readers see every pair of colours, width and direction that matters. */
interface Look {
  readonly colorScheme: 'light' | 'dark';
  readonly viewport: { readonly width: number; readonly height: number };
}

const READERS = [
  {
    title: 'in English, light, and dark on a phone',
    language: 'en',
    direction: 'ltr',
    locale: 'en-GB',
    looks: [
      { colorScheme: 'dark', viewport: PHONE },
      { colorScheme: 'light', viewport: DESKTOP },
    ],
  },
  {
    title: 'in Arabic from right to left, dark, and light on a phone',
    language: 'ar',
    direction: 'rtl',
    locale: 'ar-EG',
    looks: [
      { colorScheme: 'light', viewport: PHONE },
      { colorScheme: 'dark', viewport: DESKTOP },
    ],
  },
] as const;

/** One tour, a test for each stop: a stop that is not reached fails those behind it too. */
describe.each(READERS)('every page, $title', ({ language, direction, locale, looks }) => {
  let browser: Browser;
  let scenery: Scenery;
  let visitor: Visitor;

  beforeAll(async () => {
    [browser, scenery] = await Promise.all([launchBrowser(), startScenery()]);
    visitor = await visit({ browser, demo: scenery.demo, person: { title: locale, browser: { locale } } });
  });
  afterAll(async () => {
    await browser.close();
    await scenery.stop();
  });

  it.each(TOUR)(
    '$name has no accessibility problem that axe-core finds, and is light, complete in itself and steady',
    async ({ arrive }) => {
      const { page } = visitor;
      await arrive(visitor, scenery);
      for (const look of looks) {
        await lookAt(page, look);
        expect(await accessibilityProblems(page), JSON.stringify(look)).toEqual([]);
      }
      const html = page.locator('html');
      expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual([language, direction]);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('main').count()).toBe(1);
      expect(visitor.faults).toEqual([]);
      expect(await page.title()).toMatch(/^\S.* · Tern Bank$/);
      // The same bytes in every language, but for the words.
      if (language === 'en') {
        await expectLight(visitor);
      }
    },
    STOP_TIMEOUT,
  );
});

async function lookAt(page: Page, { colorScheme, viewport }: Look): Promise<void> {
  // Without motion the new colours are there at once.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
}
