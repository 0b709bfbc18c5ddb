import { isMessageId } from '../read-send-result.js';
import type { OptionCheck } from '../https/check-options.js';
import { jsonAt } from '../https/json-at.js';
import { encode, exchange } from '../https/provider-transport.js';
import { withDeadline } from '../with-deadline.js';
import type { Receipt, ReceiptOptions, ReceiptReader, ReceiptReading, ReceiptRequest } from './receipt-reader.js';
import { readJson } from './read-json.js';
import { RECEIPT_TOLERANCE_SECONDS } from './signature.js';
import { SnsCertificates } from './sns-certificates.js';
import { readSnsMessage, type SnsMessage } from './sns-message.js';

export interface AwsReceiptOptions extends ReceiptOptions {
  /** The topic that the configuration set publishes to; messages of any other are refused. */
  readonly topicArn: string;
  /**
   * Gives the certificate (PEM) at an address, for applications that may not call AWS themselves; it is called with addresses
   * of the topic's SNS only, once for each, and may take 5 seconds. @default fetched from there
   */
  readonly certificateOf?: ((url: string) => Promise<string>) | undefined;
}

const TOPIC_ARN = /^arn:(?<partition>aws|aws-cn|aws-us-gov):sns:(?<region>[a-z0-9-]{3,32}):\d{12}:[\w-]{1,256}$/;

/** SNS tries an HTTPS subscriber again for an hour at most, with the time of the first attempt. */
const RETRY_SECONDS = 3600;
const CONFIRM_SECONDS = 5;

/** States by `eventType`; QUEUED, PENDING and UNKNOWN tell nothing yet. */
const STATES: ReadonlyMap<unknown, Receipt['state']> = new Map<unknown, Receipt['state']>([
  ['TEXT_DELIVERED', 'delivered'],
  ['TEXT_SUCCESSFUL', 'sent'],
  ['TEXT_INVALID', 'failed'],
  ['TEXT_INVALID_MESSAGE', 'failed'],
  ['TEXT_UNREACHABLE', 'failed'],
  ['TEXT_CARRIER_UNREACHABLE', 'failed'],
  ['TEXT_BLOCKED', 'failed'],
  ['TEXT_CARRIER_BLOCKED', 'failed'],
  ['TEXT_SPAM', 'failed'],
  ['TEXT_TTL_EXPIRED', 'failed'],
  ['TEXT_PROTECT_BLOCKED', 'failed'],
]);

/** Reads events of messages that a configuration set publishes to an SNS topic with an HTTPS subscription. */
export function awsReceipts(options: AwsReceiptOptions, check: OptionCheck): ReceiptReader {
  check.object('receipts', options);
  const { topicArn, certificateOf, tokens, allowedIps } = options;
  check.demand('receipts.topicArn', TOPIC_ARN.test(topicArn), 'must be the ARN of an SNS topic');
  check.receipts(options, { required: false });
  const host = hostOf(topicArn);
  const certificates = new SnsCertificates(certificateOf);
  return {
    methods: ['POST'],
    // SNS calls its JSON text/plain unless the subscription says otherwise.
    contentTypes: ['text/plain', 'application/json'],
    answer: { status: 200 },
    tokens,
    allowedIps,
    read,
  };

  async function read({ body, now }: ReceiptRequest): Promise<ReceiptReading> {
    const message = readSnsMessage(body);
    if (message === undefined) {
      return { outcome: 'malformed' };
    }
    if (message.topicArn !== topicArn || !isCertificateUrl(message.certificateUrl, host)) {
      return { outcome: 'forged' };
    }
    const found = await certificates.keyOf(message.certificateUrl, now);
    if (found.outcome === 'unavailable') {
      return { outcome: 'unavailable' };
    }
    if (found.outcome === 'refused' || !message.isSignedBy(found.key)) {
      return { outcome: 'forged' };
    }
    if (!isFreshOfSns(message.timestamp, now)) {
      return { outcome: 'stale' };
    }
    if (message.type === 'SubscriptionConfirmation') {
      return confirmSubscription(message);
    }
    return { outcome: 'read', receipts: message.type === 'Notification' ? receiptsOf(message.message) : [] };
  }

  /** Only the owner of the pinned topic can have asked for it. */
  async function confirmSubscription({ subscribeUrl = '', token }: SnsMessage): Promise<ReceiptReading> {
    const url = snsUrl(subscribeUrl, host);
    const isOfTopic =
      url?.pathname === '/' &&
      url.searchParams.getAll('Action').join() === 'ConfirmSubscription' &&
      url.searchParams.getAll('TopicArn').join() === topicArn &&
      url.searchParams.getAll('Token').join() === token;
    if (!isOfTopic) {
      return { outcome: 'forged' };
    }
    try {
      const { status } = await withDeadline({ timeoutSeconds: CONFIRM_SECONDS }, (signal) =>
        exchange(encode({ url: url.href, method: 'GET' }), signal),
      );
      return status === 200 ? { outcome: 'read', receipts: [] } : { outcome: 'unavailable' };
    } catch {
      return { outcome: 'unavailable' };
    }
  }
}

/** SNS of the topic's region, the only host that is ever called. */
function hostOf(topicArn: string): string {
  const { partition = '', region = '' } = TOPIC_ARN.exec(topicArn)?.groups ?? {};
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

function isCertificateUrl(text: string, host: string): boolean {
  const path = snsUrl(text, host)?.pathname ?? '';
  // In its one spelling, for certificates are kept by their address.
  return text === `https://${host}${path}` && /^\/[\w.-]+\.pem$/.test(path);
}

/** An address of this host, written as it is read: without credentials, port and fragment. */
function snsUrl(text: string, host: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return text.startsWith(`https://${host}/`) && url?.hash === '' ? url : undefined;
}

function isFreshOfSns(seconds: number, nowMs: number): boolean {
  const age = nowMs / 1000 - seconds;
  return age >= -RECEIPT_TOLERANCE_SECONDS && age <= RETRY_SECONDS + RECEIPT_TOLERANCE_SECONDS;
}

function receiptsOf(message: string): readonly Receipt[] {
  const event = readJson(Buffer.from(message));
  const eventType = jsonAt(event, 'eventType');
  const messageId = jsonAt(event, 'messageId');
  const state = STATES.get(eventType);
  if (state === undefined || !isMessageId(messageId)) {
    return [];
  }
  // A failure that is not final is tried again by the carrier.
  const isOver = state !== 'failed' || jsonAt(event, 'isFinal') === true;
  return isOver ? [{ messageId, state, detail: `AWS ${String(eventType)}` }] : [];
}
