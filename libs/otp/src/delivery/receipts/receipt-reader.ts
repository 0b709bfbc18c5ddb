/** A call of a provider's webhook, before anything of it is believed. */
export interface ReceiptRequest {
  readonly method: 'GET' | 'POST';
  /**
   * As the provider calls it: from `publicUrl` and never from the request's headers, with the token where the path has one,
   * and with the query as it came.
   */
  readonly url: string;
  /** Names in lower case; of a header that came several times the values are joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The bytes as they came; empty for GET. Signatures cover these, never what a parser made of them. */
  readonly body: Buffer;
  /** The application's clock, in milliseconds since the Unix epoch. */
  readonly now: number;
}

/** What became of one message. */
export interface Receipt {
  /** The id that `send` answered. */
  readonly messageId: string;
  /**
   * `sent`: a carrier has it. `delivered`: the handset confirmed it. `failed`: it will not arrive. What a provider says
   * before that (queued, buffered, unknown) is no receipt.
   */
  readonly state: 'sent' | 'delivered' | 'failed';
  /** The provider's code or word for it, for operators; without number and text. */
  readonly detail?: string | undefined;
}

export type ReceiptReading =
  /** It is the provider's. Without receipts it is about something else, and nothing happens. */
  | { readonly outcome: 'read'; readonly receipts: readonly Receipt[] }
  /** `forged`: the signature is missing or wrong. `stale`: signed too long ago, or in the future. */
  | { readonly outcome: 'forged' | 'stale' | 'malformed' }
  /** It cannot be checked now (a certificate that could not be fetched); the provider should come again. */
  | { readonly outcome: 'unavailable' };

/**
 * How one provider reports what became of its messages. The module checks method, media type, size, address and token;
 * the reader checks the signature over the raw bytes, in constant time, and that it is fresh. Repeats are the module's.
 */
export interface ReceiptReader {
  readonly methods: readonly ('GET' | 'POST')[];
  /** Media types of the body without parameters, in lower case; others are answered 415. */
  readonly contentTypes: readonly string[];
  /** Longest body that is read, in bytes, at most 262144. @default 16384 */
  readonly maxBodyBytes?: number | undefined;
  /** What the provider takes for "received". */
  readonly answer: ReceiptAnswer;
  /**
   * The secrets that may stand at the end of the path, each at least 32 characters of `A-Z a-z 0-9 _ -`; the first is the one
   * that providers are given. Required where a provider signs nothing. @default no token
   */
  readonly tokens?: readonly string[] | undefined;
  /** Addresses and CIDR ranges that may call. @default any */
  readonly allowedIps?: readonly string[] | undefined;
  /** What it throws counts as `malformed`. */
  read(request: ReceiptRequest): ReceiptReading | Promise<ReceiptReading>;
}

export interface ReceiptAnswer {
  readonly status: 200 | 204;
  readonly contentType?: string | undefined;
  readonly body?: string | undefined;
}

/** What every adapter's `receipts` option has. */
export interface ReceiptOptions {
  /** Addresses and CIDR ranges that may call. @default any */
  readonly allowedIps?: readonly string[] | undefined;
  /**
   * Secrets for the end of the path, each at least 32 characters of `A-Z a-z 0-9 _ -`, e.g. from `openssl rand -hex 32`; all
   * are accepted, the first is given to the provider. @default none; providers that sign nothing need one
   */
  readonly tokens?: readonly string[] | undefined;
}

/** 256 KiB: no provider's batch is larger. */
export const MAX_RECEIPT_BYTES = 262_144;
export const DEFAULT_RECEIPT_BYTES = 16_384;
