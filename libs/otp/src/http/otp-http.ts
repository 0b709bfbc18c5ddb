import type { ClientIpReader } from './client-ip.js';

/** What the HTTP layer needs of the options. */
export interface OtpHttp {
  readonly readClientIp: ClientIpReader;
  /** Origins, such as `https://app.acme.com`, whose pages may call the built-in routes from another host. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Whether the application is reached over HTTPS, so that cookies are `Secure`. */
  readonly secureCookies: boolean;
  /** Path of the built-in routes without slashes at its ends; `undefined` when there are none. */
  readonly routesPath: string | undefined;
}
