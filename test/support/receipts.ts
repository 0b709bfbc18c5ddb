import { createHmac } from 'node:crypto';
import type { OtpApp, OtpAppOptions } from './otp-app.js';
import type { OtpEvent, OutgoingMessage, SendResult } from 'nestjs-sms-otp';
import { OtpEvents } from 'nestjs-sms-otp';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import type { Receipt, ReceiptReader, ReceiptRequest } from '../../libs/otp/src/delivery/receipts/receipt-reader.js';
import { isFresh, isSignedByOne } from '../../libs/otp/src/delivery/receipts/signature.js';
import { callHttp, type HttpAnswer, type HttpCall } from './http.js';
import { startOtpApp } from './otp-app.js';

export const PUBLIC_URL = 'https://api.acme.com';
export const RECEIPT_SECRET = 'wX7mQ2rT9vB4nK6pL1sD8fG3hJ5cZ0aY';
export const RECEIPT_PATH = '/otp/webhooks/acme';
export const TOKEN = 'b7e1c94d2f6a8035b7e1c94d2f6a8035';

/** A recording transport whose provider reports; it gives the ids that a test wants. */
export class ReportingTransport extends RecordingTransport {
  /** For the next messages, before ids of its own. */
  readonly ids: string[] = [];

  constructor(
    readonly receipts: ReceiptReader,
    name = 'acme',
  ) {
    super({ name });
  }

  override async send(message: OutgoingMessage, options: { readonly signal: AbortSignal }): Promise<SendResult> {
    const result = await super.send(message, options);
    const messageId = this.ids.shift();
    return result.outcome === 'accepted' && messageId !== undefined ? { ...result, messageId } : result;
  }
}

/** The bodies that `signedReceipts` can read, each with its media type. */
export const BODIES: Readonly<Record<string, (receipts: readonly object[]) => string>> = {
  'application/json': (receipts) => JSON.stringify({ receipts }),
  'application/x-www-form-urlencoded': (receipts) =>
    String(new URLSearchParams({ receipts: JSON.stringify(receipts) })),
  'application/xml': (receipts) => `<?xml version="1.0"?>\r\n<receipts>${JSON.stringify(receipts)}</receipts>\n`,
  'text/plain': (receipts) => JSON.stringify({ receipts }),
  'application/vnd.acme.receipt': (receipts) => JSON.stringify({ receipts }),
};

/** A provider that signs time and raw body, as Smstools does. */
export function signedReceipts(options: Partial<ReceiptReader> = {}): ReceiptReader {
  return {
    methods: ['POST'],
    contentTypes: Object.keys(BODIES),
    answer: { status: 200, contentType: 'text/xml', body: '<Response/>' },
    read: ({ headers, body, now }) => {
      const { time = '', hex = '' } =
        /^t=(?<time>\d{1,12}),v1=(?<hex>[0-9a-f]{64})$/.exec(headers['acme-signature'] ?? '')?.groups ?? {};
      if (
        !isSignedByOne([RECEIPT_SECRET], hex, (secret) => sign(Buffer.concat([Buffer.from(`${time}.`), body]), secret))
      ) {
        return { outcome: 'forged' };
      }
      return isFresh(Number(time), now) ? { outcome: 'read', receipts: readReceipts(body) } : { outcome: 'stale' };
    },
    ...options,
  };
}

/** A provider that signs the address that it calls, as Twilio does. */
export function urlSignedReceipts(options: Partial<ReceiptReader> = {}): ReceiptReader {
  return signedReceipts({
    read: ({ headers, url, body }) =>
      isSignedByOne([RECEIPT_SECRET], headers['acme-signature'] ?? '', (secret) => sign(url, secret))
        ? { outcome: 'read', receipts: readReceipts(body) }
        : { outcome: 'forged' },
    ...options,
  });
}

/** A provider that signs nothing and calls by GET. */
export function queryReceipts(options: Partial<ReceiptReader> = {}): ReceiptReader {
  return signedReceipts({
    methods: ['GET'],
    contentTypes: [],
    tokens: [TOKEN],
    answer: { status: 204 },
    read: ({ url }: ReceiptRequest) => ({
      outcome: 'read',
      receipts: [JSON.parse(new URL(url).searchParams.get('receipt') ?? '')],
    }),
    ...options,
  });
}

export function sign(signed: string | Buffer, secret: string = RECEIPT_SECRET): string {
  return createHmac('sha256', secret).update(signed).digest('hex');
}

function readReceipts(body: Buffer): Receipt[] {
  const text = body.toString('utf8');
  const inXml = /<receipts>(?<json>[^]*)<\/receipts>/.exec(text)?.groups?.['json'];
  const value: unknown = JSON.parse(new URLSearchParams(text).get('receipts') ?? inXml ?? text);
  const receipts = typeof value === 'object' && value !== null && 'receipts' in value ? value.receipts : value;
  return Array.isArray(receipts) ? receipts : [];
}

export interface Report extends Partial<HttpCall> {
  readonly type?: string;
  readonly secret?: string;
  /** Seconds from now. */
  readonly after?: number;
}

export interface ReportingApp extends OtpApp {
  readonly provider: ReportingTransport;
  /** All events of receipts, oldest first. */
  readonly told: readonly OtpEvent<'delivery.reported' | 'receipt.refused'>[];
  /** A call as the provider makes it. */
  report(receipts: readonly object[], report?: Report): Promise<HttpAnswer>;
}

export interface ReportingAppOptions extends OtpAppOptions {
  readonly reader?: ReceiptReader;
  /** Whether it has a `publicUrl`. @default true */
  readonly reachable?: boolean;
}

/** An application whose only transport is reported to. */
export async function startReportingApp({
  reader = signedReceipts(),
  reachable = true,
  ...options
}: ReportingAppOptions = {}): Promise<ReportingApp> {
  const provider = new ReportingTransport(reader);
  const otp = await startOtpApp({
    ...(reachable ? { publicUrl: PUBLIC_URL } : {}),
    transports: [provider],
    ...options,
  });
  const told: OtpEvent<'delivery.reported' | 'receipt.refused'>[] = [];
  const events = otp.app.get(OtpEvents);
  events.on('delivery.reported', (event) => told.push(event));
  events.on('receipt.refused', (event) => told.push(event));
  return {
    ...otp,
    provider,
    told,
    codeTo: (phoneNumber) => provider.lastCodeTo(phoneNumber) ?? '',
    report: (receipts, report) => callHttp(otp.url, signedCall(receipts, { now: otp.clock.now(), ...report })),
  };
}

/** A call of the provider of `signedReceipts`. */
export function signedCall(
  receipts: readonly object[],
  { type = 'application/json', secret, after = 0, headers = {}, now, ...call }: Report & { readonly now: number },
): HttpCall {
  const body = BODIES[type]?.(receipts) ?? '';
  const time = Math.floor(now / 1000) + after;
  return {
    method: 'POST',
    path: RECEIPT_PATH,
    body,
    ...call,
    headers: { 'content-type': type, 'acme-signature': `t=${time},v1=${sign(`${time}.${body}`, secret)}`, ...headers },
  };
}
