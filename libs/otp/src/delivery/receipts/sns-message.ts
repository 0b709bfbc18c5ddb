import { type KeyObject, verify } from 'node:crypto';

/** A notification or confirmation as SNS posts it; its signature is not checked yet. */
export interface SnsMessage {
  readonly type: SnsType;
  readonly topicArn: string;
  /** What was published; of a confirmation a sentence. */
  readonly message: string;
  /** Unix seconds. It stays the same when SNS tries again. */
  readonly timestamp: number;
  readonly certificateUrl: string;
  /** Of a confirmation: what confirms it, and its token. */
  readonly subscribeUrl: string | undefined;
  readonly token: string | undefined;
  /** The text that was signed, by its public key. */
  readonly isSignedBy: (key: KeyObject) => boolean;
}

const SNS_TYPES = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const;
type SnsType = (typeof SNS_TYPES)[number];

const CONFIRMATION_KEYS = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
/** What is signed, in this order; `Subject` only where it is given. */
const SIGNED_KEYS: Readonly<Record<SnsType, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: CONFIRMATION_KEYS,
  UnsubscribeConfirmation: CONFIRMATION_KEYS,
};
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['1', 'RSA-SHA1'],
  ['2', 'RSA-SHA256'],
]);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** Reads the envelope; `undefined` for anything else, such as a raw delivery, which has no signature. */
export function readSnsMessage(body: Buffer): SnsMessage | undefined {
  const texts = readTexts(body);
  const type = SNS_TYPES.find((known) => known === texts?.get('Type'));
  const algorithm = ALGORITHMS.get(texts?.get('SignatureVersion') ?? '');
  const topicArn = texts?.get('TopicArn');
  const message = texts?.get('Message');
  const timestamp = texts?.get('Timestamp') ?? '';
  const certificateUrl = texts?.get('SigningCertURL');
  const signature = readBase64(texts?.get('Signature'));
  if (
    texts === undefined ||
    type === undefined ||
    algorithm === undefined ||
    topicArn === undefined ||
    message === undefined ||
    certificateUrl === undefined ||
    signature === undefined ||
    !TIMESTAMP.test(timestamp)
  ) {
    return undefined;
  }
  const signed = signedText(texts, SIGNED_KEYS[type]);
  return {
    type,
    topicArn,
    message,
    timestamp: Date.parse(timestamp) / 1000,
    certificateUrl,
    subscribeUrl: texts.get('SubscribeURL'),
    token: texts.get('Token'),
    isSignedBy: (key) => signed !== undefined && verify(algorithm, Buffer.from(signed, 'utf8'), key, signature),
  };
}

/** The members that are texts; nothing else is signed. */
function readTexts(body: Buffer): ReadonlyMap<string, string> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  return new Map(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}

function signedText(texts: ReadonlyMap<string, string>, keys: readonly string[]): string | undefined {
  const present = keys.filter((key) => key !== 'Subject' || texts.has(key));
  return present.every((key) => texts.has(key))
    ? present.map((key) => `${key}\n${texts.get(key)}\n`).join('')
    : undefined;
}

/** Only the one way to write these bytes. */
function readBase64(text = ''): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
