import { cookieValue } from '../cookie-value.js';
import { header, type HttpRequest } from '../http-request.js';
import { provenanceOf } from '../same-site.js';

export interface ProofCookieOptions {
  readonly name: string;
  /** Whether the request only reads; one that spends its proof does not. */
  readonly safe: boolean;
  readonly allowedOrigins: ReadonlySet<string>;
}

/**
 * The proof that a browser sends by itself. Any page can make it do so, so a request that changes something must also come
 * from a page of this site; where a client does not tell, the cookie is as good as none (OWASP ASVS 5.0 3.5.1).
 */
export function proofCookie(
  request: HttpRequest,
  { name, safe, allowedOrigins }: ProofCookieOptions,
): string | undefined {
  const allowed = safe || provenanceOf(request, allowedOrigins) === 'own';
  return allowed ? cookieValue(header(request, 'cookie'), name) : undefined;
}
