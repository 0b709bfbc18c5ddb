import type { ExecutionContext } from '@nestjs/common';
import type { OtpRequest } from '../guard/otp-request.js';

/** At most `limit` requests in any interval of `windowSeconds`, for each key. */
export interface OtpThrottleLimit {
  /**
   * Tells limits apart, in the store and in events: 1 to 64 of letters, digits, `.`, `_`, `:` and `-`. Handlers with limits
   * of one name and one `windowSeconds` share one budget for each key.
   */
  readonly name: string;
  /** 1 to 1000; the bound is exact, so the store keeps an entry for each request in the window. */
  readonly limit: number;
  /** 1 to 86,400. */
  readonly windowSeconds: number;
  /**
   * Whom to count: a text that is not empty, e.g. the id of the account. It is stored as a keyed hash. What it throws refuses the request.
   * @default the client's address; of IPv6 its /64 (option `limits.ip.ipv6Prefix`), and the /56
   * and /48 around it with twice and four times the limit
   */
  key?(request: OtpRequest, context: ExecutionContext): string | Promise<string>;
}

const NAME = /^[\w.:-]{1,64}$/;
const MOST_REQUESTS = 1000;
const LONGEST_SECONDS = 86_400;

/** @throws TypeError naming what is wrong with a list as `@OtpThrottle` gets it. */
export function checkLimits(limits: readonly OtpThrottleLimit[]): void {
  const isList: (value: unknown) => boolean = Array.isArray;
  if (!isList(limits) || limits.length === 0) {
    throw new TypeError('@OtpThrottle() needs a list of at least one limit');
  }
  limits.forEach(checkLimit);
  const names = limits.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) {
    throw new TypeError(`@OtpThrottle(): two limits are named '${repeated}'; a name stands for one budget`);
  }
}

/** @throws TypeError: a limit that is no number would admit everything. */
export function checkLimit(checked: OtpThrottleLimit): void {
  if (typeof checked !== 'object' || checked === null) {
    throw new TypeError('@OtpThrottle(): a limit must be an object, e.g. { name, limit, windowSeconds }');
  }
  const { name, limit, windowSeconds } = checked;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new TypeError("@OtpThrottle(): `name` must be 1 to 64 letters, digits, '.', '_', ':' and '-'");
  }
  checkWhole(name, 'limit', limit, MOST_REQUESTS);
  checkWhole(name, 'windowSeconds', windowSeconds, LONGEST_SECONDS);
  if ('key' in checked && typeof checked.key !== 'function') {
    throw new TypeError(
      `@OtpThrottle(): \`key\` of '${name}' must be a function, or left out to count by the client's address`,
    );
  }
}

function checkWhole(name: string, member: string, value: unknown, most: number): void {
  if (!Number.isInteger(value) || Number(value) < 1 || Number(value) > most) {
    throw new TypeError(`@OtpThrottle(): \`${member}\` of '${name}' must be a whole number from 1 to ${most}`);
  }
}

/** @throws TypeError naming the limit and never the value: without a key all requests would share one budget, or none. */
export function checkKey({ name }: OtpThrottleLimit, key: unknown): string {
  if (typeof key !== 'string' || key === '') {
    const found = key === '' ? 'an empty text' : typeof key;
    throw new TypeError(`@OtpThrottle(): the key of '${name}' must be a text that is not empty; it is ${found}`);
  }
  return key;
}
