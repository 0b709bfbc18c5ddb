import { createHash } from 'node:crypto';
import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { mediaTypeOf } from './media-type.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { equalSecrets, hmacOf, isSignedByOne } from './signature.js';

export interface TwilioReceiptOptions extends ReceiptOptions {
  /**
   * Auth tokens of the account, which sign its calls even where messages are sent with an API key. Any of them is accepted:
   * while they are rotated give the primary and the secondary one.
   */
  readonly authTokens: readonly string[];
}

/** States of messages and of calls that say something. A call that was answered was heard, as far as anybody knows. */
const MESSAGE_STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);
const CALL_STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['completed', 'delivered'],
  ['busy', 'failed'],
  ['no-answer', 'failed'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
]);
const SID = /^(?:SM|MM|CA)[0-9a-fA-F]{32}$/;
const ERROR_CODE = /^[1-9]\d{4}$/;

/** Reads status callbacks. Twilio signs no time, so repeats are told by the module alone. */
export function twilioReceipts(options: TwilioReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { authTokens, tokens, allowedIps } = options;
  check.secrets('receipts.authTokens', authTokens);
  check.receipts(options, { required: false });
  return {
    methods: ['POST'],
    contentTypes: ['application/x-www-form-urlencoded', 'application/json'],
    answer: { status: 204 },
    tokens,
    allowedIps,
    read: (request) => (mediaTypeOf(request) === 'application/json' ? readJsonBody : readForm)(request, authTokens),
  };
}

function readForm(request: ReceiptRequest, authTokens: readonly string[]): ReceiptReading {
  const params = new URLSearchParams(request.body.toString('utf8'));
  if (!isSigned(request, authTokens, params)) {
    return { outcome: 'forged' };
  }
  const isAmbiguous = [...params.keys()].some((name) => new Set(params.getAll(name)).size > 1);
  return isAmbiguous ? { outcome: 'malformed' } : readingOf((name) => params.get(name) ?? undefined);
}

/** The signature covers the address, and the address the hash of the body. */
function readJsonBody(request: ReceiptRequest, authTokens: readonly string[]): ReceiptReading {
  const hashes = new URL(request.url).searchParams.getAll('bodySHA256');
  const expected = createHash('sha256').update(request.body).digest('hex');
  const isBodyCovered = hashes.length === 1 && equalSecrets(hashes[0] ?? '', expected);
  if (!isSigned(request, authTokens, new URLSearchParams()) || !isBodyCovered) {
    return { outcome: 'forged' };
  }
  const body = readJson(request.body);
  return typeof body === 'object' && body !== null ? readingOf((name) => jsonAt(body, name)) : { outcome: 'malformed' };
}

function isSigned({ url, headers }: ReceiptRequest, authTokens: readonly string[], params: URLSearchParams): boolean {
  const signature = headers['x-twilio-signature'] ?? '';
  const signed = spellingsOf(url).map((spelling) => spelling + spell(params));
  return signed
    .map((text) =>
      isSignedByOne(authTokens, signature, (token) => hmacOf(token, text, { algorithm: 'sha1', encoding: 'base64' })),
    )
    .includes(true);
}

/** Names in order, each followed by its value; of several values each once, in order. */
function spell(params: URLSearchParams): string {
  return [...new Set(params.keys())]
    .toSorted()
    .flatMap((name) => [...new Set(params.getAll(name))].toSorted().map((value) => name + value))
    .join('');
}

/** Twilio signs the address with or without its port. */
function spellingsOf(url: string): readonly string[] {
  const { scheme, host, port, rest } =
    /^(?<scheme>https?):\/\/(?<host>\[[^\]]*\]|[^/?#:]*)(?::(?<port>\d+))?(?<rest>[^]*)$/.exec(url)?.groups ?? {};
  if (scheme === undefined) {
    return [url];
  }
  const defaultPort = scheme === 'https' ? '443' : '80';
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${port ?? defaultPort}${rest}`];
}

function readingOf(valueOf: (name: string) => unknown): ReceiptReading {
  const messageSid = valueOf('MessageSid');
  const [sid, status, states] =
    messageSid === undefined
      ? [valueOf('CallSid'), valueOf('CallStatus'), CALL_STATES]
      : [messageSid, valueOf('MessageStatus'), MESSAGE_STATES];
  const state = states.get(status);
  if (typeof sid !== 'string' || !SID.test(sid) || state === undefined) {
    return { outcome: 'read', receipts: [] };
  }
  const detail = state === 'failed' ? { detail: `Twilio ${codeOf(valueOf('ErrorCode')) ?? String(status)}` } : {};
  return { outcome: 'read', receipts: [{ messageId: sid, state, ...detail }] };
}

function codeOf(value: unknown): string | undefined {
  const code = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return ERROR_CODE.test(code) ? code : undefined;
}
