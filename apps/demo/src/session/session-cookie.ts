import type { CookieSerializeOptions } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { SESSION_TTL_SECONDS } from './session.js';

/** What Express and Fastify requests have in common and this demo needs. */
export interface DemoRequest {
  readonly headers: IncomingHttpHeaders;
  /** `https` also when a trusted proxy says so. */
  readonly protocol: string;
}

export interface SessionCookie {
  readonly name: string;
  readonly options: CookieSerializeOptions;
}

/** 256 random bits in base64url. */
const SESSION_ID = /^[A-Za-z0-9_-]{43}$/;

/**
 * Under HTTPS the `__Host-` prefix keeps subdomains and plain HTTP from planting a session (RFC 6265bis §4.1.3).
 * `Lax`, because a link from elsewhere to the account page should find the person signed in; nothing changes by GET.
 */
export function sessionCookie(request: DemoRequest): SessionCookie {
  const secure = request.protocol === 'https';
  return {
    name: secure ? '__Host-session' : 'session',
    options: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: SESSION_TTL_SECONDS },
  };
}

/** The session id that the browser sent, if it has the form of one. */
export function readSessionId(request: DemoRequest): string | undefined {
  const { name } = sessionCookie(request);
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.find((value) => SESSION_ID.test(value));
}
