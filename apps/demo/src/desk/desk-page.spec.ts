import { Fragment, h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../i18n/languages.js';
import { wordsOf } from '../i18n/words.js';
import type { DeskFact } from './desk-fact.js';
import { deskPage } from './desk-page.js';
import { type DeskView, Desk } from './desk.js';
import { MINUTE_MS } from './desk.store.js';
import { MemoryDeskStore } from './memory-desk.store.js';
import { pathOf } from './minute-bars.js';

const NOW = Date.UTC(2026, 0, 2, 12, 30, 15);
const about = {
  destination: '+31*******78',
  country: 'NL',
  numberRef: 'abcdefghij_-0123',
  purpose: 'login',
  lane: 'public',
} as const;
const FACTS: readonly DeskFact[] = [
  { type: 'challenge.issued', at: NOW - 3 * MINUTE_MS, channel: 'sms', ...about },
  { type: 'delivery.accepted', at: NOW - 3 * MINUTE_MS, transport: 'simulated', ...about },
  { type: 'challenge.failed', at: NOW - MINUTE_MS, reason: 'wrong_code', ...about },
  { type: 'challenge.failed', at: NOW, reason: 'wrong_code', ...about },
  { type: 'challenge.refused', at: NOW, reason: 'throttled', limit: 'number.wrongCodes.86400', ...about },
];

async function viewOf(facts: readonly DeskFact[]): Promise<DeskView> {
  const store = new MemoryDeskStore(() => NOW);
  await store.add({ id: '1', facts });
  await store.report({
    name: '<one>',
    status: 'degraded',
    store: { name: 'memory', status: 'up', latencyMs: 0.25 },
    transports: [{ name: 'simulated', channels: ['sms'], circuit: 'open' }],
    hashing: { running: 2, waiting: 17, width: 2 },
    dropped: 0,
  });
  const wrongCodes = [{ limit: 2, windowSeconds: 3600 }];
  return new Desk({ store, now: () => NOW, prices: { default: 0.1 }, perDay: 20, wrongCodes }).look();
}

function htmlOf(view: DeskView, language: (typeof LANGUAGES)[number] = 'en'): string {
  return renderToString(h(Fragment, {}, deskPage(wordsOf(language), { view }).body));
}

const swapsIn = (html: string) =>
  [...html.matchAll(/<[^>]*data-swap="\w+"[^>]*>/g)].map(([tag]) => /\bid="([^"]+)"/.exec(tag)?.[1] ?? tag);

describe('the page of the security desk', () => {
  it('shows figures, the budget, the queue, the circuit and the locked number, masked', async () => {
    const html = htmlOf(await viewOf(FACTS));
    expect(html).toContain('<strong>2</strong> in the last hour');
    expect(html).toContain('$0.10 of $20.00 in 24 hours');
    expect(html).toMatch(/<meter[^>]* max="20"[^>]* value="0\.1"/);
    expect(html).toContain('17 waiting, 2 of 2 running');
    expect(html).toContain('Passed over by 1 instance');
    expect(html).toMatch(
      /<bdi[^>]*>\+31\*{7}78<\/bdi> <small>Netherlands<\/small><\/span><\/th><td>Strangers<\/td>.*datetime="2026-01-02T13:29:15.000Z"/,
    );
    expect(html).toContain('number.wrongCodes.86400');
  });

  it('case 66: escapes what others wrote', async () => {
    const html = htmlOf(await viewOf(FACTS));
    expect(html).toContain('&lt;one>');
    expect(html).not.toContain('<one>');
  });

  it.each(LANGUAGES)(
    'has nothing that the content security policy would refuse, and each id once, in %s',
    async (language) => {
      const html = htmlOf(await viewOf(FACTS), language);
      expect(html).not.toMatch(/<style| style=| on\w+=|<script|javascript:|https?:\/\//);
      const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
      expect(ids).toEqual([...new Set(ids)]);
      for (const [, name = ''] of html.matchAll(/aria-labelledby="([^"]+)"/g)) {
        expect(ids).toContain(name);
      }
    },
  );

  it('has the same regions whatever the figures are, so that a refresh exchanges their content alone', async () => {
    const swaps = swapsIn(htmlOf(await viewOf(FACTS)));
    expect(swaps).toHaveLength(13);
    expect(swapsIn(htmlOf(await viewOf([])))).toEqual(swaps);
  });

  it('L1 says that it knows nothing while its store is away', () => {
    const html = htmlOf({ outcome: 'unavailable' });
    expect(html).toContain('The figures cannot be read at the moment.');
    expect(html).not.toContain('<table');
  });
});

describe('the bars of the minutes', () => {
  it('are as high as their value, seen when there is one, and missing when there is none', () => {
    expect(pathOf([0, 10, 5], 10)).toBe('M10 48v-48h7v48zM20 48v-24h7v24z');
    expect(pathOf([1, 1000], 1000)).toBe('M0 48v-2h7v2zM10 48v-48h7v48z');
    expect(pathOf([0, 0], 0)).toBe('');
  });
});
