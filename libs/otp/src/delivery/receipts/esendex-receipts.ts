import { createRequire } from 'node:module';
import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { encode, exchange } from '../https/provider-transport.js';
import { urlBelow } from '../https/url-below.js';
import { withDeadline } from '../with-deadline.js';
import {
  DEFAULT_RECEIPT_BYTES,
  type Receipt,
  type ReceiptOptions,
  type ReceiptReader,
  type ReceiptReading,
} from './receipt-reader.js';

export interface EsendexReceiptOptions extends ReceiptOptions {
  /**
   * Esendex signs nothing, so its address needs a secret at the end: at least 32 characters of `A-Z a-z 0-9 _ -`, e.g. from
   * `openssl rand -hex 32`; all are accepted, for the time of a rotation.
   */
  readonly tokens: readonly string[];
}

interface EsendexAccess {
  readonly baseUrl: string;
  readonly authorization: () => Promise<string>;
  readonly timeoutSeconds: number;
}

const PACKAGE = 'fast-xml-parser';
const MESSAGE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** States by `status`; Submitted, Scheduled, Connecting and PartiallyDelivered tell nothing yet. */
const STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['Sent', 'sent'],
  ['Delivered', 'delivered'],
  ['Acknowledged', 'delivered'],
  ['Expired', 'failed'],
  ['Failed', 'failed'],
  ['FailedAuthorisation', 'failed'],
  ['Cancelled', 'failed'],
  ['Rejected', 'failed'],
]);

/** Whether the optional package is installed. */
function hasXmlParser(): boolean {
  try {
    createRequire(import.meta.url).resolve(PACKAGE);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads push notifications. Nothing signs them, so a notification only says which message to ask Esendex for, with the
 * account's own credentials: what became of it is what Esendex answers.
 */
export function esendexReceipts(
  options: EsendexReceiptOptions,
  { check, ...access }: EsendexAccess & { readonly check: OptionCheck },
): ReceiptReader {
  check.object('receipts', options);
  const { tokens, allowedIps } = options;
  check.receipts(options, { required: true });
  check.demand('receipts', hasXmlParser(), `needs the package ${PACKAGE}: npm install ${PACKAGE}`);
  return {
    methods: ['POST'],
    contentTypes: ['application/xml', 'text/xml'],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read: async ({ body }) => {
      const push = await readPush(body);
      if (push === undefined) {
        return { outcome: 'malformed' };
      }
      return push.messageId === undefined ? { outcome: 'read', receipts: [] } : ask(push.messageId, access);
    },
  };
}

/** The message that a notification is about; none where it is about something else, such as a message that came in. */
async function readPush(body: Buffer): Promise<{ readonly messageId: string | undefined } | undefined> {
  const document = body.byteLength > DEFAULT_RECEIPT_BYTES ? undefined : await parseXml(body.toString('utf8'));
  const roots = typeof document === 'object' && document !== null ? Object.keys(document) : [];
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    return undefined;
  }
  if (root !== 'MessageDelivered' && root !== 'MessageFailed') {
    return { messageId: undefined };
  }
  const id = jsonAt(document, root, 'MessageId');
  const messageId = typeof id === 'string' ? id.toLowerCase() : '';
  return MESSAGE_ID.test(messageId) ? { messageId } : undefined;
}

/** Elements and attributes by name; `undefined` where there is a document type, so that there are no entities. */
async function parseXml(xml: string): Promise<unknown> {
  if (/<!(?!--|\[CDATA\[)/.test(xml)) {
    return undefined;
  }
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreDeclaration: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    processEntities: false,
    parseTagValue: false,
  });
  return parser.parse(xml);
}

/** What Esendex says of a message. One that it does not know is none of ours. */
async function ask(messageId: string, access: EsendexAccess): Promise<ReceiptReading> {
  const { baseUrl, authorization, timeoutSeconds } = access;
  try {
    const { status, body } = await withDeadline({ timeoutSeconds }, async (signal) => {
      const headers = { accept: 'application/json', authorization: await authorization() };
      return exchange(
        encode({ url: urlBelow(baseUrl, `v1.0/messageheaders/${messageId}`), method: 'GET', headers }),
        signal,
      );
    });
    if (status === 404) {
      return { outcome: 'read', receipts: [] };
    }
    // Whatever was asked for, this address is documented in XML.
    const document = typeof body === 'string' ? await parseXml(body) : body;
    const header = jsonAt(document, 'messageheader') ?? document;
    const id = jsonAt(header, 'id');
    const isAboutIt = status === 200 && typeof id === 'string' && id.toLowerCase() === messageId;
    return isAboutIt ? { outcome: 'read', receipts: receiptsOf(messageId, header) } : { outcome: 'unavailable' };
  } catch {
    return { outcome: 'unavailable' };
  }
}

function receiptsOf(messageId: string, header: unknown): readonly Receipt[] {
  const status = jsonAt(header, 'status');
  const state = STATES.get(status);
  if (state === undefined) {
    return [];
  }
  const permanent = jsonAt(header, 'failurereason', 'permanentfailure');
  const isPermanent = state === 'failed' && (permanent === true || permanent === 'true');
  return [{ messageId, state, detail: `Esendex ${String(status)}${isPermanent ? ', permanent' : ''}` }];
}
