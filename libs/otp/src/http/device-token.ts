import type { AbstractHttpAdapter } from '@nestjs/core';
import { cookieValue } from './cookie-value.js';
import { header, type HttpRequest } from './http-request.js';

export const DEVICE_HEADER = 'OTP-Device';

const TOKEN = /^[A-Za-z0-9_-]{1,512}$/;

/**
 * The device token of a request: the header's, else the cookie's. What cannot be one, or comes twice, is as good as none:
 * an old or broken cookie must not keep anybody from signing in.
 */
export function readDeviceToken(request: HttpRequest, cookieName: string): string | undefined {
  const token = header(request, DEVICE_HEADER) ?? cookieValue(header(request, 'cookie'), cookieName);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

export interface DeviceAnswer {
  readonly adapter: AbstractHttpAdapter;
  readonly request: HttpRequest;
  readonly response: unknown;
  /** Value of `Set-Cookie`. */
  readonly cookie: string;
  readonly token: string;
}

/**
 * Leaves the token with the client, beside whatever cookies the application sets. Clients that keep no cookies get it as
 * a header; a browser does not, for there every script of the page could read it.
 */
export function writeDeviceToken({ adapter, request, response, cookie, token }: DeviceAnswer): void {
  adapter.appendHeader(response, 'Set-Cookie', cookie);
  if (header(request, 'sec-fetch-site') === undefined) {
    adapter.setHeader(response, DEVICE_HEADER, token);
  }
}
