import { describe, expect, it } from 'vitest';
import { proofCookie } from './guard/proof-cookie.js';
import type { HttpRequest } from './http-request.js';
import { provenanceOf } from './same-site.js';

const LISTED = new Set(['https://app.acme.com']);
const requestWith = (headers: HttpRequest['headers']): HttpRequest => ({
  headers: { host: 'api.acme.com', ...headers },
  url: '/',
});

describe('provenanceOf', () => {
  it.each<[ReturnType<typeof provenanceOf>, HttpRequest['headers']]>([
    ['own', { 'sec-fetch-site': 'same-origin' }],
    ['own', { 'sec-fetch-site': 'none' }],
    ['own', { origin: 'https://api.acme.com' }],
    ['own', { origin: 'https://app.acme.com', 'sec-fetch-site': 'same-site' }],
    ['own', { origin: 'https://app.acme.com', 'sec-fetch-site': 'cross-site' }],
    ['untold', {}],
    ['foreign', { 'sec-fetch-site': 'cross-site' }],
    ['foreign', { 'sec-fetch-site': 'same-site' }],
    ['foreign', { origin: 'https://evil.example' }],
    ['foreign', { origin: 'https://api.acme.com.evil.example' }],
    ['foreign', { origin: 'null' }],
    ['foreign', { origin: 'https://api.acme.com', 'sec-fetch-site': 'cross-site' }],
    ['foreign', { origin: 'https://app.acme.com.evil.example', 'sec-fetch-site': 'cross-site' }],
  ])('H3 case 69 is %s for %j', (provenance, headers) => {
    expect(provenanceOf(requestWith(headers), LISTED)).toBe(provenance);
  });
});

describe('proofCookie', () => {
  const cookie = 'proof=abc';
  const read = (headers: HttpRequest['headers'], safe = false) =>
    proofCookie(requestWith({ cookie, ...headers }), { name: 'proof', safe, allowedOrigins: LISTED });

  it('H3 case 69 counts on unsafe methods only when the browser says where it comes from', () => {
    expect(read({ 'sec-fetch-site': 'same-origin' })).toBe('abc');
    expect(read({ origin: 'https://app.acme.com', 'sec-fetch-site': 'same-site' })).toBe('abc');
    expect(read({ 'sec-fetch-site': 'cross-site' })).toBeUndefined();
    expect(read({ origin: 'https://evil.example' })).toBeUndefined();
    expect(read({})).toBeUndefined();
  });

  it('counts for what only reads', () => {
    expect(read({}, true)).toBe('abc');
    expect(read({ cookie: 'other=abc' }, true)).toBeUndefined();
  });

  it('is none when it comes twice', () => {
    expect(read({ cookie: 'proof=abc; proof=def', 'sec-fetch-site': 'same-origin' })).toBeUndefined();
  });
});
