import { describe, expect, it } from 'vitest';
import { urlBelow } from './url-below.js';

describe('urlBelow', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com/v1/messages'],
    ['https://api.example.com/', 'https://api.example.com/v1/messages'],
    ['https://api.example.com/eu//', 'https://api.example.com/eu/v1/messages'],
  ])('below %s', (base, url) => {
    expect(urlBelow(base, 'v1/messages')).toBe(url);
  });
});
