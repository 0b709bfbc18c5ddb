import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../i18n/languages.js';
import { wordsOf } from '../i18n/words.js';
import { Handset } from './handset.js';
import type { SimulatedMessage } from './simulated-message.js';

function message(changes: Partial<SimulatedMessage> = {}): SimulatedMessage {
  return {
    id: '9b2f6f0e-6f0f-4a52-9a5c-5a0b1a0f3c11',
    to: '+31612345678',
    text: '123456 is your code.\n\n@localhost #123456',
    locale: 'en',
    transport: 'simulated',
    channel: 'sms',
    segments: 2,
    cost: 0.21,
    currency: 'USD',
    delivery: 'delivered',
    sentAt: '2026-01-31T12:00:00.000Z',
    ...changes,
  };
}

function render(messages: readonly SimulatedMessage[], language: (typeof LANGUAGES)[number] = 'en'): string {
  return renderToString(h(Handset, { messages, words: wordsOf(language) }));
}

/** What a person reads, with ` | ` between elements. */
function textOf(html: string): string {
  return html
    .replace(/<noscript>.*?<\/noscript>/gs, '')
    .replace(/(<[^>]*>)+/g, ' | ')
    .replace(/&#?\w+;/g, '?');
}

describe('Handset', () => {
  it('shows a message as its person gets it, and below it what the bank knows of it', () => {
    const html = render([message()]);
    expect(html).toContain('<bdi dir="ltr">+31612345678</bdi>');
    expect(html).toContain('dir="auto" lang="en">123456 is your code.\n\n@localhost #123456</p>');
    expect(textOf(html)).toMatch(/Tern Bank \| .*Text message \| 2 segments \| \$0\.21 \| Delivered/s);
  });

  it('shows a call as a call: what is said, and no segments', () => {
    const html = render([message({ channel: 'voice', segments: 1, text: 'Your code is 1 2 3.' })]);
    expect(textOf(html)).toMatch(/A voice says: \| Your code is 1 2 3\..*Phone call \| \$0\.21 \|/s);
    expect(html).not.toContain('segment');
    expect(html).toContain('<blockquote');
  });

  it('shows no cost where none is known', () => {
    const { cost: _, ...notice } = message({ delivery: 'queued' });
    expect(textOf(render([notice]))).toContain('2 segments | Queued');
  });

  it('says that a message which never arrives does not, instead of showing it', () => {
    const lost = render([message({ to: '+31612345600', delivery: 'failed' })]);
    expect(lost).toContain('never arrives');
    expect(textOf(lost)).toContain('Not delivered');
    expect(lost).not.toContain('123456 is');
    expect(render([message({ to: '+31612345600', channel: 'voice' })])).toContain('123456 is');
  });

  it('is empty at first, and shows the newest of many', () => {
    expect(render([])).toContain('No messages yet.');
    const many = Array.from({ length: 60 }, (_, i) => message({ id: `${i}`, text: `message ${i}.` }));
    const html = render(many);
    expect(html).toContain('message 0.');
    expect(html.match(/<li class="phone-message"/g)).toHaveLength(20);
  });

  it('shows a text as text, and nothing that the content security policy would refuse', () => {
    const html = render([message({ text: '<img src=x onerror=alert(1)>', locale: '"><script>' })]);
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
    expect(html).not.toMatch(/<img|<script|<style| style=/);
  });

  it.each(LANGUAGES)('has a name, a label and a word for each state in %s', (language) => {
    const states = ['queued', 'sent', 'delivered', 'failed'] as const;
    const html = states.map((delivery) => render([message({ delivery })], language));
    expect(new Set(html.map((page) => /phone-state [\w-]+">([^<]+)</.exec(page)?.[1])).size).toBe(states.length);
    expect(html[0]).toMatch(/<bdi dir="ltr">[^<]*0[.,]21[^<]*<\/bdi>/);
    expect(html[0]).toMatch(/tabindex="0"/i);
    expect(html[0]).toMatch(/role="region" aria-label="[^"]+"/);
  });
});
