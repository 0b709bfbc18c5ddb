import { header, type HttpRequest } from './http-request.js';

/** Where a request comes from, as far as its client tells: browsers do, and pages cannot make them lie. */
export type Provenance = 'own' | 'foreign' | 'untold';

/**
 * Browsers tell where a request comes from (Fetch Metadata, Origin); other clients send neither. `own` is a page of this
 * host, a listed origin, or the person in front of the browser. OWASP ASVS 5.0 3.5.1.
 */
export function provenanceOf(request: HttpRequest, allowedOrigins: ReadonlySet<string>): Provenance {
  const site = header(request, 'sec-fetch-site');
  const origin = header(request, 'origin');
  const listed = origin !== undefined && allowedOrigins.has(origin);
  if (listed || site === 'same-origin' || site === 'none') {
    return 'own';
  }
  if (site === undefined && origin === undefined) {
    return 'untold';
  }
  return site === undefined && origin !== undefined && hostOf(origin) === header(request, 'host') ? 'own' : 'foreign';
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
