import { describe, expect, it } from 'vitest';
import { readSessionId, sessionCookie } from './session-cookie.js';

const id = 'A'.repeat(43);
const request = (protocol: string, cookie?: string) => ({ protocol, headers: cookie === undefined ? {} : { cookie } });

describe('session cookie', () => {
  it('H2 is a __Host- cookie under HTTPS', () => {
    expect(sessionCookie(request('https'))).toEqual({
      name: '__Host-session',
      options: { httpOnly: true, sameSite: 'lax', secure: true, path: '/', maxAge: 1800 },
    });
    expect(sessionCookie(request('http'))).toMatchObject({ name: 'session', options: { secure: false } });
  });

  it('reads the id among other cookies', () => {
    expect(readSessionId(request('http', `theme=dark; session=${id}; x=1`))).toBe(id);
    expect(readSessionId(request('https', `__Host-session=${id}`))).toBe(id);
  });

  it('attack 70: under HTTPS no cookie without the prefix counts', () => {
    expect(readSessionId(request('https', `session=${id}`))).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'session',
    'session=',
    `session=${id}A`,
    'session=../../x',
    `xsession=${id}`,
    `session="${id}"`,
  ])('finds no id in %s', (cookie) => {
    expect(readSessionId(request('http', cookie))).toBeUndefined();
  });
});
