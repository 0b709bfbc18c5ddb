import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visit } from '../e2e/bank/people.js';
import { type Scenery, startScenery } from '../e2e/bank/scenery.js';
import { TOUR } from '../e2e/bank/tour.js';
import { attack } from '../e2e/bank/traffic.js';
import type { Visitor } from '../e2e/bank/visitor.js';
import { launchBrowser } from '../support/browser.js';
import { withPalette } from './palette-png.js';
import { ALBUMS } from './shots.js';

/** Written anew by `npm run screenshots`, which is the only one to run this file. */
const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

/** Those whose results the picture of the attacks shows. */
const ATTACKS = ['pump_countries', 'pump_prefix', 'pump_country'] as const;
/** Pages with more to see than a window of 800 px shows. */
const TALL: ReadonlySet<string> = new Set(['attack', 'desk']);

describe.each(ALBUMS)('pictures, $title', (album) => {
  let browser: Browser;
  let scenery: Scenery;
  let visitor: Visitor;

  beforeAll(async () => {
    await mkdir(FOLDER, { recursive: true });
    [browser, scenery] = await Promise.all([launchBrowser(), startScenery()]);
    visitor = await visit({ browser, demo: scenery.demo, person: album });
  });
  afterAll(async () => {
    await browser.close();
    await scenery.stop();
  });

  it.each(TOUR)('$name', async ({ name, arrive }) => {
    const { page } = visitor;
    await arrive(visitor, scenery);
    if (album.stops?.includes(name) === false) {
      return;
    }
    if (name === 'attack') {
      for (const launched of ATTACKS) {
        await attack(scenery.demo, launched);
      }
      await page.reload();
    }
    if (TALL.has(name)) {
      await page.setViewportSize({ width: 1280, height: 1100 });
    }
    await settled(page);
    const picture = withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
    expect(picture.length).toBeLessThan(120_000);
    await writeFile(`${FOLDER}${name}${album.suffix}.png`, picture);
  });
});

/** What the phone shows has arrived, or will not. */
async function settled(page: Page): Promise<void> {
  await expect.poll(() => page.locator('.phone-queued, .phone-sent').count(), { timeout: 15_000 }).toBe(0);
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}
