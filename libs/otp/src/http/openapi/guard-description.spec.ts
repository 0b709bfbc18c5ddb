import { describe, expect, it } from 'vitest';
import { guardProblems, guardSchemes, withSchemes } from './guard-description.js';

const PURPOSE = { purpose: 'payout' };

describe('withSchemes', () => {
  const proof = guardSchemes({ ...PURPOSE, mode: 'proof' });

  it('stands alone where nothing is asked for', () => {
    expect(withSchemes([], proof)).toEqual([{ 'otp-proof': [] }]);
  });

  it('goes into each alternative, with its scopes, and into the empty one', () => {
    expect(withSchemes([{ oauth: ['pay'], tenant: [] }, {}], proof)).toEqual([
      { oauth: ['pay'], tenant: [], 'otp-proof': [] },
      { 'otp-proof': [] },
    ]);
  });

  it('asks for challenge and code together', () => {
    const inline = guardSchemes({ ...PURPOSE, mode: 'inline' });
    expect(withSchemes([{ bearer: [] }], inline)).toEqual([{ bearer: [], 'otp-challenge': [], 'otp-code': [] }]);
  });

  it.each([{ mode: 'proof' as const }, { mode: 'inline' as const }, {}])('never leaves out the code: %j', (options) => {
    const schemes = guardSchemes({ ...PURPOSE, ...options, cookie: 'step-up' });
    for (const alternative of withSchemes([{}, { bearer: [] }], schemes)) {
      expect(Object.keys(alternative).some((name) => name.startsWith('otp-'))).toBe(true);
    }
  });
});

describe('guardSchemes', () => {
  it('gives each cookie a key of its own that components may have', () => {
    const keys = ['a!', 'a#', '__Host-a.b'].flatMap((cookie) =>
      guardSchemes({ ...PURPOSE, mode: 'proof', cookie }).flatMap((schemes) => Object.keys(schemes)),
    );
    expect(new Set(keys).size).toBe(4);
    expect(keys.every((key) => /^[A-Za-z0-9._-]+$/.test(key))).toBe(true);
  });
});

describe('guardProblems', () => {
  it('tells a wrong binding of a proof only where there is a binding', () => {
    expect(guardProblems({ ...PURPOSE, mode: 'proof' })).not.toContain('invalid_request');
    expect(guardProblems({ ...PURPOSE, mode: 'proof', bound: true })).toContain('invalid_request');
  });

  it('tells no wrong proof where none is read', () => {
    expect(guardProblems({ ...PURPOSE, mode: 'inline' })).not.toContain('insufficient_proof');
    expect(guardProblems(PURPOSE)).toEqual(expect.arrayContaining(['insufficient_proof', 'incorrect_code']));
  });
});
