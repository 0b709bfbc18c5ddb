import type { DisplayedBinding } from '../message/message-template.js';
import type { Channel } from '../phone/channel.js';
import type { ReceiptReader } from './receipts/receipt-reader.js';

/** A composed message on its way to one person. Holds number and code in clear: never log it. */
export interface OutgoingMessage {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** The code that stands in the text, for channels that want it apart (WhatsApp templates, speech). */
  readonly code: string;
  /**
   * What the code stands for, as the text shows it, where its purpose has a `binding`. A transport that sends something else
   * than the text must show it all the same, or not carry the message: nobody is to confirm what he does not see.
   */
  readonly binding?: DisplayedBinding;
  readonly channel: Channel;
  /** ISO 3166-1 alpha-2 code of the number's country. */
  readonly country: string;
  /** BCP 47 tag of the text. */
  readonly locale: string;
  readonly purpose: string;
  /** How long the code is good, in seconds: where a provider takes a validity, later is not worth delivering. */
  readonly ttlSeconds: number;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Where the provider may send delivery reports, with the token in its path where there is one. @default nowhere */
  readonly receiptUrl?: string | undefined;
}

/**
 * Why a send failed. All but `unknown-outcome` are definite: no message left. After `unknown-outcome` (a timeout or a
 * broken connection once the request was out) the message may still arrive, so it is neither repeated nor given back.
 */
export const SEND_FAILURE_REASONS = [
  'invalid-recipient',
  'opted-out',
  'blocked-destination',
  'configuration',
  'quota',
  'transient',
  'unknown-outcome',
] as const;
export type SendFailureReason = (typeof SEND_FAILURE_REASONS)[number];

export interface SendFailure {
  readonly outcome: 'failed';
  readonly reason: SendFailureReason;
  /** The provider's error code or a short explanation, without number, code or credentials. */
  readonly detail?: string | undefined;
}

export type SendResult =
  /** `messageId`: the provider's, printable ASCII without spaces, at most 255 characters. */
  { readonly outcome: 'accepted'; readonly messageId: string } | SendFailure;

/**
 * One provider's adapter. An implementation answers with a result for what the provider said; what it throws counts as
 * `unknown-outcome`. It must stop when `signal` aborts.
 */
export interface SmsTransport {
  /** Lower-case letters, digits and hyphens; unique among the transports. Stands in events, logs and the receipts' address. */
  readonly name: string;
  readonly channels: readonly Channel[];
  /** Shows codes to whoever sees its output: the module refuses to start with it in production. @default false */
  readonly developmentOnly?: boolean;
  /**
   * Whether it can carry this very message at all, where channel and country do not tell: a voice that speaks a few languages.
   * One that cannot is passed over, which says nothing of its health. @default it can
   */
  carries?(message: OutgoingMessage): boolean;
  send(message: OutgoingMessage, options: SendOptions): Promise<SendResult>;
  /** Reads what the provider reports of its messages. @default none, and its address is 404 */
  readonly receipts?: ReceiptReader | undefined;
  /**
   * Tells the provider that the code of a message was entered (conversion feedback). It throws when that failed, which is an
   * event and nothing more. @default not told
   */
  confirm?(messageId: string, options: { readonly signal: AbortSignal }): Promise<void>;
  /** The channels whose messages `confirm` is told of. @default all that it has */
  readonly feedbackChannels?: readonly Channel[] | undefined;
}
