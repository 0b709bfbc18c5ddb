import type { StoreUnavailable } from '../flows/results.js';

/** Not one valid number, or one that no message goes to; `detail` does not repeat it. */
export interface NumberRefused {
  readonly outcome: 'invalid_phone_number' | 'destination_not_allowed';
  readonly detail: string;
}

/** `actor` or `reason` cannot stand in an audit trail; nothing was changed. */
export interface NoteRefused {
  readonly outcome: 'invalid_request';
  /** Names the option and the rule. */
  readonly detail: string;
}

/** How full one limit of a number is. */
export interface LimitStatus {
  /** The limit's name, as in events: `number.sends.3600`. */
  readonly name: string;
  /** What counts in the window now; more than `limit` only where the limit was lowered meanwhile. */
  readonly used: number;
  readonly limit: number;
  readonly windowSeconds: number;
  /** While the limit refuses: when it admits one more; ISO 8601, UTC. */
  readonly refusesUntil?: string;
}

/** What the store knows of a number. Times are the store's, ISO 8601, UTC. */
export interface NumberStatus {
  /** Masked: country code and last two digits. */
  readonly destination: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The number's name in events. */
  readonly numberRef: string;
  /** While wrong codes lock the number: until when. Until then no code is compared and no message sent. */
  readonly lockedUntil?: string;
  /** While the pause between messages lasts: until when. */
  readonly cooldownUntil?: string;
  readonly wrongCodes: readonly LimitStatus[];
  readonly sends: readonly LimitStatus[];
  /** Challenges that a code may still answer. */
  readonly liveChallenges: number;
  /**
   * Wrong codes in a row, however long ago. At `limit` the public lane is closed until a right code in another lane (a
   * trusted device, or a request that the application vouches for) or `unlock`.
   */
  readonly consecutiveFailures: { readonly used: number; readonly limit: number };
  /** How many devices have budgets of their own. */
  readonly trustedDevices: number;
  /** While the number is known: its last right code. */
  readonly answeredAt?: string;
}

export type NumberStatusResult =
  { readonly outcome: 'ok'; readonly number: NumberStatus } | NumberRefused | StoreUnavailable;

export type UnlockResult = { readonly outcome: 'unlocked' } | NoteRefused | NumberRefused | StoreUnavailable;

export type EraseResult =
  | {
      readonly outcome: 'erased';
      /** How many live challenges were removed. */
      readonly challenges: number;
    }
  | NoteRefused
  | NumberRefused
  | StoreUnavailable;

export type RevokeDevicesResult =
  | {
      readonly outcome: 'revoked';
      /** How many trusted devices there were. */
      readonly devices: number;
    }
  | NoteRefused
  | NumberRefused
  | StoreUnavailable;

export type RevokeProofsResult = { readonly outcome: 'revoked' } | NoteRefused | NumberRefused | StoreUnavailable;

export interface UnlockOptions {
  /**
   * Who does it: the application's id of a person or a job, 1 to 128 printable characters, no phone number. Stands in
   * the event as it is.
   */
  readonly actor: string;
  /**
   * Why, in words: 1 to 160 printable characters. Digits from six on are shown as `…` in the event, for people type
   * codes and numbers here; a ticket such as `SUP-1234` stays readable.
   */
  readonly reason: string;
}

export type EraseOptions = Pick<UnlockOptions, 'actor'>;

export type RevokeDevicesOptions = Pick<UnlockOptions, 'actor'>;

export type RevokeProofsOptions = Pick<UnlockOptions, 'actor'>;
