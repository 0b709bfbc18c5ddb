import { type KeyObject, X509Certificate } from 'node:crypto';
import { encode, exchange } from '../https/provider-transport.js';
import { withDeadline } from '../with-deadline.js';

export type CertificateKey =
  | { readonly outcome: 'found'; readonly key: KeyObject }
  /** It is not a certificate of SNS that is good now. */
  | { readonly outcome: 'refused' }
  /** It could not be had; nothing is known. */
  | { readonly outcome: 'unavailable' };

const FETCH_SECONDS = 5;
/** SNS signs with one certificate a region and changes it about once a year. */
const MAX_CACHED = 4;
/** Strangers may name any file; no more than this many are asked for at once. */
const MAX_FETCHES = 4;
const MIN_KEY_BITS = 2048;
/** Those that AWS's own SDK expects: `sns.amazonaws.com`, `sns-signing.<region>…`, `sns-<region>…`. */
const SIGNER = /^sns(?:-[a-z0-9-]+)?(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;

/** The certificates that SNS signs with, each fetched once. */
export class SnsCertificates {
  private readonly cached = new Map<string, X509Certificate>();
  private readonly fetches = new Map<string, Promise<X509Certificate | 'refused' | 'unavailable'>>();

  constructor(private readonly pemOf: (url: string) => Promise<string> = fetchPem) {}

  /** `url`: one that was checked to be of SNS. */
  async keyOf(url: string, nowMs: number): Promise<CertificateKey> {
    const certificate = this.cached.get(url) ?? (await this.fetch(url, nowMs));
    if (typeof certificate === 'string') {
      return { outcome: certificate };
    }
    return isGood(certificate, nowMs) ? { outcome: 'found', key: certificate.publicKey } : { outcome: 'refused' };
  }

  private async fetch(url: string, nowMs: number): Promise<X509Certificate | 'refused' | 'unavailable'> {
    const running = this.fetches.get(url);
    if (running !== undefined) {
      return running;
    }
    if (this.fetches.size >= MAX_FETCHES) {
      return 'unavailable';
    }
    const fetching = this.load(url, nowMs).finally(() => this.fetches.delete(url));
    this.fetches.set(url, fetching);
    return fetching;
  }

  private async load(url: string, nowMs: number): Promise<X509Certificate | 'refused' | 'unavailable'> {
    let pem: string;
    try {
      pem = await withDeadline({ timeoutSeconds: FETCH_SECONDS }, async () => this.pemOf(url));
    } catch {
      return 'unavailable';
    }
    const certificate = parse(pem);
    // Old ones stay where they were; none of them takes the place of one that is used.
    if (certificate === undefined || !isGood(certificate, nowMs)) {
      return 'refused';
    }
    const [oldest] = this.cached.keys();
    if (oldest !== undefined && this.cached.size >= MAX_CACHED) {
      this.cached.delete(oldest);
    }
    this.cached.set(url, certificate);
    return certificate;
  }
}

/** Over HTTPS with a certificate of a public authority, which is what vouches for the file; see the documentation. */
async function fetchPem(url: string): Promise<string> {
  const answer = await withDeadline({ timeoutSeconds: FETCH_SECONDS }, (signal) =>
    exchange(encode({ url, method: 'GET' }), signal),
  );
  if (answer.status !== 200 || typeof answer.body !== 'string') {
    throw new Error('no certificate');
  }
  return answer.body;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const isStrong = asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_KEY_BITS;
    return isStrong && namesOf(certificate).some((name) => SIGNER.test(name)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function isGood(certificate: X509Certificate, nowMs: number): boolean {
  return Date.parse(certificate.validFrom) <= nowMs && nowMs <= Date.parse(certificate.validTo);
}

/** The common name, and the DNS names. */
function namesOf({ subject, subjectAltName = '' }: X509Certificate): readonly string[] {
  const common = subject.split('\n').flatMap((line) => (line.startsWith('CN=') ? [line.slice(3)] : []));
  const dns = subjectAltName.split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice(4)] : []));
  return [...common, ...dns];
}
