import type { BrowserContext, Page } from 'playwright-core';

/** What the first visit of a page costs, and what it asks for. */
export interface Load {
  /** Of all answers, with their headers, as they came over the wire. */
  readonly bytes: number;
  readonly urls: readonly string[];
  readonly policy: string;
  /** Elements that carry a style or a script of their own. */
  readonly inline: readonly string[];
  /** Everything that moved by itself, `layout-shift` entries added up (0 to 1 each). */
  readonly shift: number;
}

const COUNT_SHIFTS = `
  globalThis.layoutShift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (globalThis.layoutShift += value)))
    .observe({ type: 'layout-shift', buffered: true });
`;
const INLINE = 'script:not([src]), style, [style], [onclick], [onload], [onsubmit], [onerror], [href^="javascript:"]';

/** Before the page's first script. */
export async function countShifts(page: Page): Promise<void> {
  await page.addInitScript(COUNT_SHIFTS);
}

/** Since the page was loaded. Two frames later, for what the last one moved is told in the next. */
export async function shiftIn(page: Page): Promise<number> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))');
  return page.evaluate<number>('globalThis.layoutShift');
}

/** Opens an address as somebody does who has the visitor's cookies and an empty cache. */
export async function measureLoad(context: BrowserContext, url: string): Promise<Load> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const urls: string[] = [];
  page.on('request', (request) => urls.push(request.url()));
  await countShifts(page);
  const answer = await page.goto(url, { waitUntil: 'networkidle' });
  const load = {
    bytes,
    urls,
    policy: (await answer?.headerValue('content-security-policy')) ?? '',
    inline: await page.locator(INLINE).evaluateAll((elements) => elements.map(({ outerHTML }) => outerHTML)),
    shift: await shiftIn(page),
  };
  await page.close();
  return load;
}
