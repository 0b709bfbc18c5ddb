import type { CookieSerializeOptions } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import type { DemoRequest } from './demo-request.js';

/** 256 random bits in base64url. */
const ID = /^[A-Za-z0-9_-]{43}$/;

/** What `setCookie` and `clearCookie` of Nest's adapters take. */
export interface NamedCookie {
  readonly name: string;
  readonly options: CookieSerializeOptions;
}

/** A cookie that holds a random id and nothing else; what it stands for is kept on the server. */
export class IdCookie {
  constructor(
    private readonly name: string,
    private readonly ttlSeconds: number,
  ) {}

  /**
   * Under HTTPS the `__Host-` prefix keeps subdomains and plain HTTP from planting one (RFC 6265bis §4.1.3). `Lax`, because a
   * link from elsewhere should find the person signed in; nothing changes by GET.
   */
  of(request: DemoRequest): NamedCookie {
    const secure = request.protocol === 'https';
    return {
      name: secure ? `__Host-${this.name}` : this.name,
      options: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: this.ttlSeconds },
    };
  }

  /** The id that the browser sent, if it has the form of one. */
  read(request: DemoRequest): string | undefined {
    const { name } = this.of(request);
    const values = (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1));
    return values.find((value) => ID.test(value));
  }
}

export function randomId(): string {
  return randomBytes(32).toString('base64url');
}

/** What stands for an id in a store, so that a look into it gives nobody a session. 256 random bits need no slow hash. */
export function keyOfId(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
