import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { RunningDemo } from '../../support/demo-app.js';
import { keyboardOnly, mouse } from './hands.js';
import { Visitor } from './visitor.js';

/** Somebody who uses the bank in a way of their own. */
export interface Person {
  readonly title: string;
  readonly browser?: BrowserContextOptions;
  readonly isKeyboardOnly?: boolean;
}

/** Between them everything that a bank must reckon with; what does not depend on each other goes together. */
export const PEOPLE: readonly Person[] = [
  {
    title: 'without JavaScript, on a screen 320 px wide',
    browser: { javaScriptEnabled: false, viewport: { width: 320, height: 568 }, hasTouch: true },
  },
  {
    // What a window of 1280 px has left at 200 %.
    title: 'by keyboard alone, at a zoom of 200 %, in forced colours',
    isKeyboardOnly: true,
    browser: { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, forcedColors: 'active' },
  },
  {
    title: 'in Arabic, from right to left, in dark colours and without motion',
    browser: { locale: 'ar-EG', colorScheme: 'dark', reducedMotion: 'reduce' },
  },
];

export interface VisitOptions {
  readonly browser: Browser;
  readonly demo: RunningDemo;
  readonly person?: Person;
  /** Of the bank as browsers reach it. @default the demo's own */
  readonly url?: string;
}

/** A person with a browser of their own. */
export async function visit({ browser, demo, person, url = demo.url }: VisitOptions): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'nl-NL', ...person?.browser });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const hands = person?.isKeyboardOnly === true ? keyboardOnly(page) : mouse();
  return new Visitor({ context, page, hands, demo, url });
}
