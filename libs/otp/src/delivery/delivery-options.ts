import type { Channel } from '../phone/channel.js';

/** Which transports are tried for some of the messages, and in which order. */
export interface DeliveryOrder {
  /** ISO 3166-1 alpha-2 codes of the numbers' countries. @default all */
  readonly countries?: readonly string[] | undefined;
  /** @default all */
  readonly channels?: readonly Channel[] | undefined;
  /** Names of transports; those that do not have the message's channel are passed over. */
  readonly transports: readonly string[];
}

export interface CircuitBreakerOptions {
  /** Failures in a row (`transient`, `quota`, unknown outcomes), 1 to 100, after which others are asked first. @default 5 */
  readonly failures?: number | undefined;
  /** For how long, in seconds, 1 to 600; then one message tries it again. @default 30 */
  readonly openSeconds?: number | undefined;
}

/** How messages find their way through several transports. */
export interface OtpDeliveryOptions {
  /** The first entry that fits the number's country and the channel counts. @default all transports in their order */
  readonly order?: readonly DeliveryOrder[] | undefined;
  /** Longest wait for all transports together, in seconds, 1 to 120. @default 20 */
  readonly totalTimeoutSeconds?: number | undefined;
  readonly circuitBreaker?: CircuitBreakerOptions | undefined;
  /**
   * After an unknown outcome (a timeout, a broken connection) the message may still arrive. `stop`: nobody else is asked.
   * `next`: the next transport sends it too, so that a person may get the same code twice and you pay twice; it is the same
   * code, never a second one. @default 'stop'
   */
  readonly afterUnknownOutcome?: 'stop' | 'next' | undefined;
  /**
   * Whether a new code goes out at once by the purpose's next channel when a receipt says that the message failed; the old
   * one is dead. It is counted by every limit but the cooldown, uses one of the challenge's sends, and never goes back to an
   * earlier channel. Not with `risk.decoys`, for it would tell them apart. @default false
   */
  readonly resendFailed?: boolean | undefined;
}
