import { describe, expect, it } from 'vitest';
import { IdCookie, keyOfId, randomId } from './id-cookie.js';

const id = 'A'.repeat(43);
const cookie = new IdCookie('session', 1800);
const request = (protocol: string, sent?: string) => ({
  protocol,
  url: '/',
  headers: sent === undefined ? {} : { cookie: sent },
});

describe('IdCookie', () => {
  it('H2 is a __Host- cookie under HTTPS', () => {
    expect(cookie.of(request('https'))).toEqual({
      name: '__Host-session',
      options: { httpOnly: true, sameSite: 'lax', secure: true, path: '/', maxAge: 1800 },
    });
    expect(cookie.of(request('http'))).toMatchObject({ name: 'session', options: { secure: false } });
  });

  it('reads the id among other cookies', () => {
    expect(cookie.read(request('http', `theme=dark; session=${id}; x=1`))).toBe(id);
    expect(cookie.read(request('https', `__Host-session=${id}`))).toBe(id);
    const made = randomId();
    expect(cookie.read(request('http', `session=${made}`))).toBe(made);
  });

  it('case 70: under HTTPS no cookie without the prefix counts', () => {
    expect(cookie.read(request('https', `session=${id}`))).toBeUndefined();
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
  ])('finds no id in %s', (sent) => {
    expect(cookie.read(request('http', sent))).toBeUndefined();
  });

  it('the key of an id does not tell it', () => {
    expect(keyOfId(id)).not.toContain(id.slice(0, 8));
    expect(keyOfId(id)).not.toBe(keyOfId(randomId()));
  });
});
