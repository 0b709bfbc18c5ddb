import { Inject, Injectable } from '@nestjs/common';
import { stringifySetCookie } from 'cookie';
import { DEVICE_LIFETIME_SECONDS } from '../devices/device-tokens.js';
import type { OtpHttp } from './otp-http.js';
import { OTP_HTTP } from './otp-tokens.js';

/** Browsers take a name with `__Host-` only over HTTPS and for this very host (RFC 6265bis §4.1.3.2). */
export function deviceCookieName({ secureCookies }: OtpHttp): string {
  return secureCookies ? '__Host-otp-device' : 'otp-device';
}

/**
 * The cookie that keeps the token of a trusted device, for an application's own controllers; the built-in routes set it
 * themselves. Each method gives the value of a `Set-Cookie` header.
 *
 * @example
 * const result = await otp.verify({ challengeId, code, purpose: 'login', client, rememberDevice: true });
 * if (result.outcome === 'verified' && result.deviceToken !== undefined) {
 *   response.append('Set-Cookie', cookie.serialize(result.deviceToken)); // Fastify: reply.header
 * }
 */
@Injectable()
export class OtpDeviceCookie {
  constructor(@Inject(OTP_HTTP) private readonly http: OtpHttp) {}

  /** Keeps a token for 90 days. */
  serialize(token: string): string {
    return this.setCookie(token, DEVICE_LIFETIME_SECONDS);
  }

  /** Forgets the token, e.g. when somebody signs out on a shared computer. */
  clear(): string {
    return this.setCookie('', 0);
  }

  private setCookie(value: string, maxAge: number): string {
    return stringifySetCookie({
      name: deviceCookieName(this.http),
      value,
      maxAge,
      path: '/',
      httpOnly: true,
      secure: this.http.secureCookies,
      sameSite: 'strict',
    });
  }
}
