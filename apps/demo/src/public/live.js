import { put, putLive, request } from './regions.js';

const EVERY_MS = 2000;

/** Fetches this page again and again and puts what has changed in its place, while somebody looks at it. */
async function refresh() {
  if (document.visibilityState === 'visible' && !document.body.hasAttribute('aria-busy')) {
    const { page, url } = await request(location.pathname);
    if (new URL(url).pathname !== location.pathname) {
      // Whoever was signed in is not any more.
      location.assign(url);
    } else if (document.querySelector('main[data-live]')) {
      put(page);
    }
    putLive(page);
  }
}

async function poll() {
  await refresh().catch(() => undefined);
  setTimeout(() => void poll(), EVERY_MS);
}

setTimeout(() => void poll(), EVERY_MS);
