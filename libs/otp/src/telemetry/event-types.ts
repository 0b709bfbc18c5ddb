/** On every event. Nothing here, nor in any event, holds a code, a secret, a challenge id or a full number. */
export interface EventBase {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The event's name in the OWASP Logging Vocabulary, where it has one, so that a SIEM's rules fit. */
  readonly owasp?: string;
  /** The client's network, `/24` or `/48`; missing where the application said `client: 'none'`. */
  readonly clientNetwork?: string;
}

/** What an event tells of a number. */
export interface EventNumber {
  /** Masked: country code and last two digits. */
  readonly destination: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Keyed hash, equal for every event of one number; the name of its record in the store. */
  readonly numberRef: string;
}

/** Whose budget a challenge uses. */
export type EventLane = 'public' | 'device' | 'vouched';

export interface EventChallenge extends EventNumber {
  readonly purpose: string;
  readonly lane: EventLane;
  /** Equal for every event of one challenge; not its id. */
  readonly challengeRef: string;
  /** Of a test number, which gets no message: to be counted apart. */
  readonly test?: true;
}

/** Why nothing was sent. */
export type SendRefusal =
  | 'invalid_phone_number'
  | 'destination_not_allowed'
  | 'invalid_channel'
  | 'throttled'
  | 'risk_denied'
  | 'sends_used_up'
  | 'challenge_gone'
  | 'attempts_exhausted'
  | 'aborted'
  | 'busy'
  | 'store_unavailable';

/** Why a code was not compared. */
export type AnswerRefusal =
  | 'invalid_code'
  | 'challenge_gone'
  | 'wrong_purpose'
  | 'not_the_caller'
  | 'attempts_exhausted'
  | 'number_locked'
  | 'throttled'
  | 'superseded'
  | 'busy'
  | 'store_unavailable';

export interface OtpEventMap {
  /** A code was made and its message handed to a transport that took it (or may have taken it). */
  'challenge.issued': EventBase & EventChallenge & { readonly channel: string };
  /** A new code for a live challenge. */
  'challenge.resent': EventBase &
    EventChallenge & {
      readonly channel: string;
      readonly sendsRemaining: number;
      /** Nobody asked for it: a receipt said that the message before had failed (`delivery.resendFailed`). */
      readonly automatic?: true;
    };
  /** No message was sent. */
  'challenge.refused': EventBase &
    Partial<EventChallenge> & {
      readonly reason: SendRefusal;
      /** The limit that refused, e.g. `number.sends.3600`. */
      readonly limit?: string;
      /** What a risk assessor said. */
      readonly detail?: string;
      readonly retryAfterSeconds?: number;
    };
  /** A challenge that looks like any other, of which no message goes out and no code is right. */
  'challenge.decoyed': EventBase & EventChallenge & { readonly channel: string; readonly detail?: string };
  /**
   * A limit that many share is used up, or one that is only observed would have refused. Each instance tells it once an
   * hour for each limit and country.
   */
  'limit.used_up': EventBase & {
    /** E.g. `country.unansweredSends.3600`. */
    readonly limit: string;
    /** Whether this request was refused; others may pass (trusted devices, known numbers, the trickle). */
    readonly refused: boolean;
    /** Where the message would have gone; ISO 3166-1 alpha-2. */
    readonly country?: string;
  };
  /** A limit of `@OtpThrottle` refused a request. */
  'request.throttled': EventBase & {
    /** Its name, never its key. */
    readonly limit: string;
    readonly retryAfterSeconds: number;
  };
  /** A right code left a trusted device. */
  'device.remembered': EventBase & EventNumber & { readonly rotated: boolean };
  /** The right code. */
  'challenge.verified': EventBase & EventChallenge;
  /** A wrong code was compared. */
  'challenge.failed': EventBase &
    EventChallenge & {
      /** `wrong_binding`: entered for another transaction or from another session than it was sent for. */
      readonly reason: 'wrong_code' | 'wrong_binding';
      readonly attemptsRemaining: number;
    };
  /** An answer was refused without comparing it. */
  'answer.refused': EventBase &
    Partial<EventChallenge> & {
      readonly reason: AnswerRefusal;
      readonly limit?: string;
      readonly retryAfterSeconds?: number;
    };
  'challenge.cancelled': EventBase & EventChallenge;
  /** A transport took the message. */
  'delivery.accepted': EventBase & EventChallenge & { readonly transport: string };
  /** A transport refused the message, or its fate is unknown. */
  'delivery.failed': EventBase &
    EventChallenge & { readonly transport: string; readonly reason: string; readonly detail?: string };
  /** A provider said what became of a message. Each state is told once for each message, also after its code was answered. */
  'delivery.reported': EventBase &
    EventChallenge & {
      readonly transport: string;
      readonly channel: string;
      /** `sent`: a carrier has it; the other two are final. They may come in any order. */
      readonly state: 'sent' | 'delivered' | 'failed';
      /** The provider's code or word. */
      readonly detail?: string;
    };
  /** Somebody called a provider's address for receipts who is not it, or said what could not be read. */
  'receipt.refused': EventBase & { readonly transport: string; readonly reason: ReceiptRefusal };
  /** A transport failed so often in a row that others are asked before it. Each instance tells it for itself. */
  'circuit.opened': EventBase & { readonly transport: string };
  /** The transport works again and has its place in the order back. */
  'circuit.closed': EventBase & { readonly transport: string };
  /** A provider was told that the code of its message was entered. */
  'feedback.accepted': EventBase & EventChallenge & { readonly transport: string };
  /** It could not be told, which changes nothing for the person. */
  'feedback.failed': EventBase & EventChallenge & { readonly transport: string; readonly detail: string };
  /** A guard let a request through. */
  'proof.accepted': EventBase & EventNumber & { readonly purpose: string };
  /** Somebody ended the lock of a number. */
  'admin.unlocked': EventBase & EventNumber & { readonly actor: string; readonly reason: string };
  /** Somebody removed the live challenges and trusted devices of a number. */
  'admin.erased': EventBase & EventNumber & { readonly actor: string; readonly challenges: number };
  /** Somebody ended the trust in all devices of a number. */
  'admin.devices_revoked': EventBase & EventNumber & { readonly actor: string; readonly devices: number };
  /** Somebody ended all proofs of a number. */
  'admin.proofs_revoked': EventBase & EventNumber & { readonly actor: string };
  /** A guard refused a request. */
  'proof.refused': EventBase & { readonly purpose: string; readonly reason: ProofRefusal };
}

export type ReceiptRefusal =
  /** Not a method that this provider calls by. */
  | 'method'
  /** The secret in the path is missing, wrong, or there though none is expected. */
  | 'token'
  /** Not one of `allowedIps`. */
  | 'address'
  | 'media_type'
  | 'size'
  | 'malformed'
  /** The signature is missing or wrong. */
  | 'forged'
  /** Signed too long ago, or in the future: a replay, or a clock that is wrong. */
  | 'stale'
  /** It could not be checked now; the provider was asked to come again. */
  | 'unavailable';

export type ProofRefusal =
  | 'missing'
  | 'invalid'
  | 'expired'
  | 'wrong_purpose'
  | 'wrong_binding'
  | 'too_old'
  | 'used'
  | 'revoked'
  | 'not_the_caller'
  | 'no_caller'
  | 'busy'
  | 'store_unavailable';

export type OtpEventType = keyof OtpEventMap;
export type OtpEvent<T extends OtpEventType = OtpEventType> = { [K in T]: OtpEventMap[K] & { readonly type: K } }[T];
