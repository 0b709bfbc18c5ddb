import type { OptionCheck } from '../https/check-options.js';
import { isMessageId } from '../read-send-result.js';
import { oneValue } from './one-value.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { equalSecrets, hmacOf } from './signature.js';

export interface PlivoReceiptOptions extends ReceiptOptions {
  /** The Auth Tokens of the account that sends, or of its main account; all are accepted, so that they can be rotated. */
  readonly authTokens: readonly string[];
  /** Required, for the signature of messages (V2) covers the address and not what is reported. */
  readonly tokens: readonly string[];
}

const STATES: ReadonlyMap<string | undefined, Receipt['state']> = new Map<string | undefined, Receipt['state']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['failed', 'failed'],
  ['undelivered', 'failed'],
]);

/** Status callbacks: forms, signed by the account's Auth Token. */
export function plivoReceipts(options: PlivoReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { authTokens, tokens, allowedIps } = options;
  check.secrets('receipts.authTokens', authTokens);
  check.receipts(options, { required: true });
  return {
    methods: ['POST'],
    contentTypes: ['application/x-www-form-urlencoded'],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: (request) => {
      const params = new URLSearchParams(request.body.toString('utf8'));
      return isSigned(request, params, authTokens) ? reading(params) : { outcome: 'forged' };
    },
  };
}

/**
 * V3 covers what is reported, so where it is there it decides. The signatures of the account and of its main account (`ma`)
 * are worth the same.
 */
function isSigned(request: ReceiptRequest, params: URLSearchParams, authTokens: readonly string[]): boolean {
  const v3 = signaturesOf(request, 'v3');
  const { nonce, signatures } = v3 ?? signaturesOf(request, 'v2') ?? { nonce: '', signatures: [] };
  if (!/^[\w-]{1,128}$/.test(nonce)) {
    return false;
  }
  const signed = v3 === undefined ? `${addressOf(request.url)}${nonce}` : `${reportOf(request.url, params)}.${nonce}`;
  const expected = authTokens.map((token) => hmacOf(token, signed, { algorithm: 'sha256', encoding: 'base64' }));
  return signatures.flatMap((signature) => expected.map((right) => equalSecrets(right, signature))).includes(true);
}

interface Signatures {
  readonly nonce: string;
  readonly signatures: readonly string[];
}

/** A header may hold several signatures, separated by commas. */
function signaturesOf({ headers }: ReceiptRequest, version: 'v2' | 'v3'): Signatures | undefined {
  const values = [headers[`x-plivo-signature-${version}`], headers[`x-plivo-signature-ma-${version}`]];
  const signatures = values.flatMap((value) => value?.split(',') ?? []).map((value) => value.trim());
  const nonce = headers[`x-plivo-signature-${version}-nonce`];
  return nonce === undefined && signatures.length === 0 ? undefined : { nonce: nonce ?? '', signatures };
}

function addressOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** What V3 signs before the nonce: the address, `?`, the query in order and a dot if there is one, and the form in order. */
function reportOf(url: string, form: URLSearchParams): string {
  const query = inOrder(new URL(url).searchParams).map(([name, value]) => `${name}=${value}`);
  const report = inOrder(form).map(([name, value]) => `${name}${value}`);
  const isQueryMarked = query.length > 0 || report.length > 0;
  const isDotted = query.length > 0 && report.length > 0;
  return `${addressOf(url)}${isQueryMarked ? '?' : ''}${query.join('&')}${isDotted ? '.' : ''}${report.join('')}`;
}

/** By name, then by value, in the order of UTF-16 units. */
function inOrder(params: URLSearchParams): readonly (readonly [string, string])[] {
  const compare = (left: string, right: string) => (left < right ? -1 : Number(left > right));
  return [...params].toSorted((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]));
}

function reading(params: URLSearchParams): ReceiptReading {
  const messageId = oneValue(params, 'MessageUUID');
  const status = oneValue(params, 'Status');
  if (!isMessageId(messageId) || status === undefined) {
    return { outcome: 'malformed' };
  }
  const state = STATES.get(status);
  return { outcome: 'read', receipts: state === undefined ? [] : [{ messageId, state, ...detailOf(params) }] };
}

function detailOf(params: URLSearchParams): { readonly detail?: string } {
  const code = oneValue(params, 'ErrorCode') ?? '';
  return /^\d{1,5}$/.test(code) && code !== '000' ? { detail: `Plivo ${code}` } : {};
}
