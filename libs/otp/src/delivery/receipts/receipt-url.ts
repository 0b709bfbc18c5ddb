import { urlBelow } from '../https/url-below.js';
import type { SmsTransport } from '../sms-transport.js';

/** Where the application's routes are, seen from outside. */
export interface RoutesAddress {
  readonly publicUrl: string | undefined;
  /** Path of the built-in routes without slashes at its ends; `undefined` when there are none. */
  readonly routesPath: string | undefined;
}

/** What stands between the routes' path and the transport's name. */
export const WEBHOOKS = 'webhooks';

/**
 * Where a transport's provider reports to, e.g. `https://api.acme.com/otp/webhooks/twilio`; `undefined` when nobody would
 * listen there. It is also what signatures cover, so it never depends on a request.
 *
 * @param token which of the reader's tokens stands at its end; without one the first.
 */
export function receiptUrl(
  { publicUrl, routesPath }: RoutesAddress,
  { name, receipts }: Pick<SmsTransport, 'name' | 'receipts'>,
  token = receipts?.tokens?.[0],
): string | undefined {
  if (publicUrl === undefined || routesPath === undefined || receipts === undefined) {
    return undefined;
  }
  const path = [routesPath, WEBHOOKS, name, token].filter((part) => part !== undefined && part !== '');
  return urlBelow(publicUrl, path.join('/'));
}
