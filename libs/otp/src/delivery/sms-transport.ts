import type { Channel } from '../phone/channel.js';

/** A composed message on its way to one person. Holds number and code in clear: never log it. */
export interface OutgoingMessage {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly channel: Channel;
  /** ISO 3166-1 alpha-2 code of the number's country. */
  readonly country: string;
  /** BCP 47 tag of the text. */
  readonly locale: string;
  readonly purpose: string;
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
  readonly detail?: string;
}

export type SendResult =
  /** `messageId`: the provider's, printable ASCII without spaces, at most 255 characters. */
  { readonly outcome: 'accepted'; readonly messageId: string } | SendFailure;

/**
 * One provider's adapter. An implementation answers with a result for what the provider said; what it throws counts as
 * `unknown-outcome`. It must stop when `signal` aborts.
 */
export interface SmsTransport {
  readonly name: string;
  readonly channels: readonly Channel[];
  /** Shows codes to whoever sees its output: the module refuses to start with it in production. @default false */
  readonly developmentOnly?: boolean;
  send(message: OutgoingMessage, options: { readonly signal: AbortSignal }): Promise<SendResult>;
}
