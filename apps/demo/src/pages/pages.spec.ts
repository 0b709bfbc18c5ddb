import { describe, expect, it } from 'vitest';
import { Pages } from './pages.js';

describe('Pages', () => {
  it('offers the countries that are open, by name', () => {
    const { signIn } = new Pages({ production: false, countries: ['NL', 'BE'] });
    expect([...signIn.body.matchAll(/<option value="(\w\w)">/g)].map(([, code]) => code)).toEqual(['BE', 'NL']);
  });

  it('attack 67: has no phone panel in production', () => {
    const development = new Pages({ production: false });
    expect(development.signIn.body).toContain('Simulated phone');
    expect(development.assets.has('dev-phone.js')).toBe(true);
    const production = new Pages({ production: true });
    expect(production.signIn.body).not.toMatch(/simulated|dev-|inbox/i);
    expect([...production.assets.keys()].filter((name) => name.startsWith('dev-'))).toEqual([]);
  });

  it('leaves no placeholder and nothing that the content security policy would refuse', () => {
    const { signIn, account, unavailable } = new Pages({ production: false });
    for (const { body } of [signIn, account, unavailable]) {
      expect(body).not.toMatch(/<!-- |<style| style=| on\w+=|<script>|javascript:|https?:\/\//);
    }
  });

  it('stays under 60 kB', () => {
    const { signIn, assets } = new Pages({ production: false });
    const bytes = [signIn, ...assets.values()].reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
    expect(bytes).toBeLessThan(60_000);
  });

  it('U1 U2 has one field for the code and one for the number', () => {
    const { body } = new Pages({ production: true }).signIn;
    const [code, ...others] = body.match(/<input[^>]+autocomplete="one-time-code"[^>]*>/g) ?? [];
    expect(others).toEqual([]);
    expect(code).toContain('type="text"');
    expect(code).toContain('inputmode="numeric"');
    expect(body).toMatch(/<input[^>]+type="tel"[^>]+autocomplete="tel"/);
  });
});
