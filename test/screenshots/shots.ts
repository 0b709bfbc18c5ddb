import type { BrowserContextOptions } from 'playwright-core';
import { TOUR } from '../e2e/bank/tour.js';

/** Pictures of the tour, each from a window of its own. */
export interface Album {
  readonly title: string;
  /** After the name of the stop, e.g. `-dark`. */
  readonly suffix: string;
  /** @default every stop */
  readonly stops?: readonly string[];
  readonly browser: BrowserContextOptions;
}

const DESKTOP = { viewport: { width: 1280, height: 800 }, locale: 'en-NL', reducedMotion: 'reduce' } as const;
const PHONE = { ...DESKTOP, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;

export const ALBUMS: readonly Album[] = [
  { title: 'light', suffix: '', browser: DESKTOP },
  {
    title: 'dark',
    suffix: '-dark',
    stops: ['code', 'desk', 'attack'],
    browser: { ...DESKTOP, colorScheme: 'dark' },
  },
  { title: 'on a phone', suffix: '-phone', stops: ['sign-in', 'code-wrong', 'account'], browser: PHONE },
  {
    title: 'from right to left',
    suffix: '-arabic',
    stops: ['code'],
    browser: { ...DESKTOP, locale: 'ar-EG' },
  },
];

/** The names of all pictures in `docs/images`. */
export function pictureNames(): readonly string[] {
  return ALBUMS.flatMap(({ suffix, stops = TOUR.map(({ name }) => name) }) =>
    stops.map((stop) => `${stop}${suffix}.png`),
  );
}
