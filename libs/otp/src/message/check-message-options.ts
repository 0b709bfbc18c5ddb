import { UNSEEN } from './display-text.js';

const MAX_SERVICE_NAME_LENGTH = 40;
/** What a phone makes tappable: a scheme, `www.`, or a dot with letters right after it. */
const LINK = /:\/\/|www\.|\.\p{L}{2,}/iu;
/** A run of digits that a phone may offer as the code. */
const CODE = /\p{Nd}{6,}/u;

/**
 * What is wrong with the name that messages show, in words; `undefined` when nothing is. Look-alikes of full width count
 * as what they look like.
 */
export function checkServiceName(name: unknown): string | undefined {
  if (typeof name !== 'string' || name.trim() === '') {
    return 'must be the name that people know your service by';
  }
  const seen = name.normalize('NFKC');
  if (name.length > MAX_SERVICE_NAME_LENGTH) {
    return `must have at most ${MAX_SERVICE_NAME_LENGTH} characters, so that a message stays short`;
  }
  if (UNSEEN.test(name)) {
    return 'must not contain line breaks, control characters or characters that cannot be seen';
  }
  if (name !== name.trim()) {
    return 'must not begin or end with a space';
  }
  if (/[@#]/.test(seen)) {
    return 'must not contain @ or #, which belong to the line that binds the code to your site';
  }
  if (LINK.test(seen)) {
    return 'must not look like a link; phones make it tappable, and people learn to tap links in such messages';
  }
  if (CODE.test(seen)) {
    return 'must not contain six digits in a row, which phones would take for the code';
  }
  return undefined;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HOST_LENGTH = 253;

/** What is wrong with the host that codes are bound to, in words; `undefined` when nothing is. */
export function checkOrigin(origin: unknown): string | undefined {
  if (typeof origin !== 'string' || origin === '') {
    return 'must be the host of your site, e.g. "app.example.com"';
  }
  if (/[/:@#?]/.test(origin)) {
    return 'must be a host alone, without scheme, port or path, e.g. "app.example.com"';
  }
  const labels = origin.split('.');
  if (origin.length > MAX_HOST_LENGTH || !labels.every((label) => LABEL.test(label))) {
    return 'must be a host name in lower case, in its xn-- form if it has other letters than a to z';
  }
  if (/^\d+$/.test(labels.at(-1) ?? '')) {
    return 'must be a host name; browsers bind no code to an IP address';
  }
  return undefined;
}
