import { OptionCheck } from '../https/check-options.js';
import { isMessageId } from '../read-send-result.js';
import { readJson } from './read-json.js';
import type { Receipt, ReceiptAnswer, ReceiptOptions, ReceiptReader, ReceiptRequest } from './receipt-reader.js';
import { type HmacOptions, hmacOf, isSignedByOne } from './signature.js';

/** A signature in a header: the HMAC of the body as it came. */
export interface HmacSignature {
  /** The header's name, e.g. `x-signature`. */
  readonly header: string;
  /** All are accepted, so that they can be rotated. */
  readonly secrets: readonly string[];
  /** @default 'sha256' */
  readonly algorithm?: HmacOptions['algorithm'] | undefined;
  /** How the HMAC is written; hexadecimal in small letters. @default 'hex' */
  readonly encoding?: HmacOptions['encoding'] | undefined;
  /** What stands before it, e.g. `sha256=`. @default '' */
  readonly prefix?: string | undefined;
}

export interface JsonReceiptOptions extends ReceiptOptions {
  /** What a body that was found to be the provider's says; an empty list when it is about something else. */
  readonly read: (body: unknown) => readonly Receipt[];
  /** How the provider signs. @default it does not, and `tokens` are required */
  readonly signature?: HmacSignature | undefined;
  /** Longest body that is read, in bytes, at most 262144. @default 16384 */
  readonly maxBodyBytes?: number | undefined;
  /** What the provider takes for "received". @default { status: 200 } */
  readonly answer?: ReceiptAnswer | undefined;
}

/**
 * Delivery reports of a provider that posts JSON, for `httpsTransport`. A token in the path, a signature or both tell that it
 * is the provider. Where it signs a time or its address as well, write a `ReceiptReader`.
 *
 * @throws TypeError when an option is wrong; it names the option and the mend.
 * @example
 * jsonReceipts({
 *   signature: { header: 'x-acme-signature', secrets: [process.env.ACME_WEBHOOK_SECRET] },
 *   read: (body) => (isAcmeReport(body) ? [{ messageId: body.id, state: body.ok ? 'delivered' : 'failed' }] : []),
 * })
 */
export function jsonReceipts(options: JsonReceiptOptions): ReceiptReader {
  const check = new OptionCheck('jsonReceipts');
  check.given(options);
  checkOptions(options, check);
  const { read, signature, tokens, allowedIps, maxBodyBytes, answer = { status: 200 } } = options;
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    answer,
    tokens,
    allowedIps,
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
    read: (request) => {
      if (signature !== undefined && !isSigned(request, signature)) {
        return { outcome: 'forged' };
      }
      const body = readJson(request.body);
      return body === undefined
        ? { outcome: 'malformed' }
        : { outcome: 'read', receipts: read(body).filter(({ messageId }) => isMessageId(messageId)) };
    },
  };
}

function isSigned({ headers, body }: ReceiptRequest, signature: HmacSignature): boolean {
  const { header, secrets, algorithm = 'sha256', encoding = 'hex', prefix = '' } = signature;
  const given = headers[header.toLowerCase()] ?? '';
  return isSignedByOne(secrets, given, (secret) => `${prefix}${hmacOf(secret, body, { algorithm, encoding })}`);
}

function checkOptions(options: JsonReceiptOptions, check: OptionCheck): void {
  const { read, signature, allowedIps } = options;
  check.demand('read', typeof read === 'function', 'must be a function from the body to receipts');
  check.demand('allowedIps', allowedIps === undefined || Array.isArray(allowedIps), 'must be a list of addresses');
  if (signature !== undefined) {
    check.object('signature', signature);
    check.demand('signature.header', /^[\w-]{1,64}$/.test(signature.header), 'must be the name of a header');
    check.secrets('signature.secrets', signature.secrets);
  }
  check.receipts(options, { required: signature === undefined });
}
