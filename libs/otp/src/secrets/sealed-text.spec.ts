import { expect, it } from 'vitest';
import { openText, sealText } from './sealed-text.js';
import { SecretRing } from './secret-ring.js';

const OLD = 'old-secret-old-secret-old-secret-32';
const NEW = 'new-secret-new-secret-new-secret-32';
const ring = (...secrets: string[]) => new SecretRing(secrets, 'otp');

it('opens what was sealed, and shows none of it', () => {
  const sealed = sealText(ring(OLD), 'a challenge', 'key');
  expect(openText(ring(OLD), sealed, 'key')).toBe('a challenge');
  expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('challenge');
});

it('case 88 opens with every secret of the ring', () => {
  expect(openText(ring(NEW, OLD), sealText(ring(OLD), 'text', 'key'), 'key')).toBe('text');
});

it.each([
  ['another key', (sealed: string) => openText(ring(OLD), sealed, 'other')],
  ['another secret', (sealed: string) => openText(ring(NEW), sealed, 'key')],
  ['a changed text', (sealed: string) => openText(ring(OLD), `AAAA${sealed.slice(4)}`, 'key')],
  ['no text', () => openText(ring(OLD), '', 'key')],
])('does not open for %s', (_name, openIt) => {
  expect(openIt(sealText(ring(OLD), 'text', 'key'))).toBeUndefined();
});
