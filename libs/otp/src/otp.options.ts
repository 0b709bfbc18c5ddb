import type { OtpPurposes } from './challenge/purpose.js';
import type { OtpTestNumbers } from './challenge/test-numbers.js';
import type { OtpDeliveryOptions } from './delivery/delivery-options.js';
import type { AllowDestination } from './flows/destination.js';
import type { SmsTransport } from './delivery/sms-transport.js';
import type { CodeHasher } from './hashing/code-hasher.js';
import type { ForwardedHeader } from './http/client-ip.js';
import type { LimitSettings, MoneySettings } from './limits/limit-settings.js';
import type { OtpMessageOptions } from './message/message-options.js';
import type { OtpProofKey } from './proof/proof-key-pair.js';
import type { OtpRiskOptions } from './risk/risk-assessor.js';
import type { OtpStore } from './stores/otp-store.js';

export interface OtpDestinationOptions {
  /**
   * ISO 3166-1 alpha-2 codes of the countries that messages go to; a number's real country counts (+1 876 is Jamaica).
   * @default all countries
   */
  readonly countries?: readonly string[] | undefined;
  /**
   * Asked at every send, resends included, before anything is spent; what it throws refuses. For lists that change while
   * the application runs. @default every destination
   */
  readonly allow?: AllowDestination | undefined;
}

/** Replaces the limits that it names, each as a whole; the others keep their defaults. */
export type OtpLimitOptions = {
  readonly [K in Exclude<keyof LimitSettings, 'money'>]?: Partial<LimitSettings[K]> | undefined;
} & {
  /** What messages may cost. @default no limit; production warns */
  readonly money?: MoneySettings | undefined;
};

export interface OtpProofOptions {
  /** Lifetime of a proof in seconds, 30 to 86400. @default 600 */
  readonly ttlSeconds?: number | undefined;
  /**
   * Keys with which other services verify proofs without a secret: EC on P-256 (ES256) or Ed25519 (EdDSA). The first is
   * private and signs, all verify; public ones only verify. They are published at `GET /otp/.well-known/jwks.json`.
   * @default proofs are signed with a key derived from the first secret (HS256) and nothing is published
   */
  readonly keys?: readonly OtpProofKey[] | undefined;
  /** Difference between two servers' clocks that is forgiven, in seconds, 0 to 60. @default 5 */
  readonly clockToleranceSeconds?: number | undefined;
}

/** Options of `OtpModule`. They are checked at boot; every mistake is named at once, with its mend. */
export interface OtpOptions {
  /** The name that people know the service by; stands in every message. */
  readonly serviceName: string;
  /**
   * Each at least 32 bytes, e.g. from `openssl rand -base64 32`. The first seals and signs, all open. To replace one,
   * roll out `old,new`, then `new,old`, then `new`.
   */
  readonly secrets: readonly string[];
  /**
   * Names the counters of numbers and addresses; at least 32 bytes, not rotated. Required in production and whenever
   * there is more than one secret. @default the only secret
   */
  readonly indexSecret?: string | undefined;
  /** What codes may be asked for: `defineOtpPurposes({ … })`. */
  readonly purposes: OtpPurposes;
  /** Host of the page where codes are entered, e.g. `app.acme.com`; binds codes to it. @default none */
  readonly origin?: string | undefined;
  /**
   * Where the application is reached from outside, e.g. `https://api.acme.com`, with a global prefix where there is one;
   * the issuer of proofs, and where providers send their receipts. @default the namespace, and no receipts
   */
  readonly publicUrl?: string | undefined;
  /** @default memoryStore() */
  readonly store?: OtpStore | undefined;
  /**
   * Tried in this order, but for `delivery.order`: the next one when one could definitely not send. Names are unique.
   * @default consoleTransport(), outside production
   */
  readonly transports?: readonly SmsTransport[] | undefined;
  /** How long one transport may take, in seconds, 1 to 60. @default 10 */
  readonly sendTimeoutSeconds?: number | undefined;
  readonly delivery?: OtpDeliveryOptions | undefined;
  readonly messages?: OtpMessageOptions | undefined;
  /** Numbers that get no message and whose code is fixed, for tests of the whole application. @default none */
  readonly testNumbers?: OtpTestNumbers | undefined;
  readonly destinations?: OtpDestinationOptions | undefined;
  readonly limits?: OtpLimitOptions | undefined;
  /** Asks the application before every message. @default nobody is asked */
  readonly risk?: OtpRiskOptions | undefined;
  /** @default argon2id() */
  readonly hashing?: CodeHasher | undefined;
  readonly proofs?: OtpProofOptions | undefined;
  /** Proxies whose `forwardedHeader` is believed: addresses, CIDR ranges or `loopback`. @default none */
  readonly trustedProxies?: readonly string[] | undefined;
  /**
   * The header in which your proxies write the client's address; the other is never read, for clients could write it.
   * @default 'x-forwarded-for'
   */
  readonly forwardedHeader?: ForwardedHeader | undefined;
  /**
   * Origins beside the application's own whose pages may call the built-in routes, and ask guarded ones for a code with
   * cookies, e.g. `https://app.acme.com`. @default none
   */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Whether mistakes that are harmless in development refuse the start. @default NODE_ENV === 'production' */
  readonly production?: boolean | undefined;
}
