import type { Channel } from '../phone/channel.js';
import type { DeliveryState } from '../stores/otp-store.js';
import type { CodeLength } from '../code/make-code.js';

/** What a client may know of a challenge: the JSON of the built-in routes. */
export interface ChallengeView {
  /** Opaque; names the challenge in every later call. */
  readonly challengeId: string;
  readonly purpose: string;
  readonly channel: Channel;
  /** The masked number: country code and last two digits. */
  readonly destination: string;
  readonly codeLength: CodeLength;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** ISO 8601, UTC: when the next message may be asked for. */
  readonly resendAt: string;
  readonly attemptsRemaining: number;
  readonly sendsRemaining: number;
}

export interface ChallengeStatusView extends ChallengeView {
  readonly delivery: DeliveryState;
}
