import { describe, expect, it, vi } from 'vitest';
import type { MessageTemplate } from './message-template.js';
import { messageWarnings } from './message-warnings.js';

const name20 = 'Acme Savings & Loans';
const origin20 = 'login.acme-loans.com';

describe('messageWarnings', () => {
  it.each([6, 7, 8])('are none up to 20 characters each, with codes of %i digits', (codeLength) => {
    expect(messageWarnings({ serviceName: name20, origin: origin20, codeLength })).toEqual([]);
    expect(messageWarnings({ serviceName: 'Acme' })).toEqual([]);
    expect(messageWarnings({ serviceName: 'x'.repeat(40) })).toEqual([]);
  });

  it('name the languages that take more than one segment, in one line', () => {
    const [warning, ...others] = messageWarnings({ serviceName: name20, origin: `secure.${origin20}` });
    expect(others).toEqual([]);
    expect(warning).toMatch(/^Messages take more than one segment, .* in .*\bru, /);
    expect(warning).toMatch(/; shorten serviceName or origin, or list the languages you need in languages$/);
    expect(warning).not.toMatch(/\b(en|de|fr|nl)\b,/);
  });

  it('know which languages are used', () => {
    const long = { serviceName: name20, origin: `secure.${origin20}` };
    expect(messageWarnings({ ...long, languages: ['en', 'nl'] })).toEqual([]);
    expect(messageWarnings({ ...long, languages: ['en', 'ru'] })).toEqual([
      expect.stringMatching(/ in ru; shorten serviceName or origin/),
    ]);
  });

  it('tell where the Android app would read nothing', () => {
    const android = { serviceName: 'Acme', origin: origin20, androidAppHash: 'FA+9qCX9VSu' };
    expect(messageWarnings({ ...android, languages: ['en', 'tr', 'nl'] })).toEqual([]);
    expect(messageWarnings({ ...android, serviceName: name20, languages: ['en', 'ru', 'ar'] })).toEqual([
      expect.stringMatching(/^androidAppHash is left out for want of room, so the app reads no message in ru, ar; /),
    ]);
    expect(messageWarnings({ serviceName: 'Acme', androidAppHash: 'FA+9qCX9VSu' })).toEqual([]);
  });

  it('run no template of the application', () => {
    const template = vi.fn<MessageTemplate>(({ code }) => code);
    messageWarnings({ serviceName: 'Acme', templates: { nl: template, tlh: template } });
    expect(template).not.toHaveBeenCalled();
  });
});
