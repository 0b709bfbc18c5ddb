/** A number that was read, validated and admitted. */
export interface PhoneNumber {
  /** `+` and up to 15 digits (ITU-T E.164). */
  readonly e164: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Equal for every spelling and alias of one handset; what limits and hashes are keyed by. */
  readonly handsetKey: string;
  /** Country code and last two digits, e.g. `+31*******78`; what may be shown and logged. */
  readonly masked: string;
}

/** What a person or an application gave as a number. */
export interface PhoneInput {
  /** International (`+…`), or national with `country`. */
  readonly phoneNumber: unknown;
  /** ISO 3166-1 alpha-2 code that national spellings belong to. */
  readonly country?: unknown;
}

export type PhoneReading =
  | { readonly outcome: 'ok'; readonly number: PhoneNumber }
  /** Not one valid number. `detail` is a sentence for the person who typed it. */
  | { readonly outcome: 'invalid_phone_number'; readonly detail: string }
  /** Valid, but no SMS goes there: country or type. */
  | { readonly outcome: 'destination_not_allowed'; readonly detail: string };
