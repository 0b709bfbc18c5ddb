/** What is known of a message before it is sent. Holds the number in clear: hand it to your risk service, never to a log. */
export interface RiskRequest {
  /** E.164. */
  readonly phoneNumber: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly purpose: string;
  /** The application's id of the account, where it has named one. */
  readonly subject?: string;
  /**
   * Whose budget the message uses: `public` (anybody's), `device` (a trusted device of this number) or `vouched` (the
   * application has authenticated the subject).
   */
  readonly lane: 'public' | 'device' | 'vouched';
  /** `'none'` where no client is behind the call; without `ip` where its address is not known. */
  readonly client: { readonly ip?: string } | 'none';
  /** Whether this is a new code for a challenge that was sent before. */
  readonly resend: boolean;
  /**
   * Names of the shared budgets (of a prefix, a country, of all) that are used up at the moment, e.g.
   * `country.unansweredSends.3600`. Only a `cleared` answer passes them, but for their trickle and those that are only
   * observed.
   */
  readonly usedUp: readonly string[];
}

/**
 * - `allow`: the message goes out, if the limits admit it. With `cleared` the application knows more than the module (a
 *   solved CAPTCHA, a paying customer): shared budgets that are used up do not refuse then; those of IP, number and money
 *   still do. A plain `allow` clears nothing, so an assessor that only looks for swapped SIMs opens no budget.
 * - `deny`: refused like by a limit (429 `throttled`). Nothing is given back, and it counts in the IP's failed sends.
 * - `decoy`: answered like a message that was sent, but nothing is sent and no code is ever right; see `decoys`. Limits
 *   count it like any other. `cleared` means the same as with `allow`: set it for both or for neither, or a budget that is
 *   used up tells which number is which.
 *
 * `reason` is a short label for the operator's events, at most 100 characters; never shown to the client. Name no number
 * in it: texts with six digits or more lose them all.
 */
export type RiskVerdict =
  | { readonly decision: 'allow'; readonly cleared?: true }
  | { readonly decision: 'deny'; readonly reason?: string }
  | { readonly decision: 'decoy'; readonly cleared?: true; readonly reason?: string };

/**
 * Asked before every message, resends included: the place for signs of a swapped SIM, a ported number or a changed
 * device, which NIST SP 800-63B-4 §3.1.3.3 asks to consider before a code goes out by SMS. What it throws, and silence,
 * are decided by `onFailure`.
 *
 * @example
 * const simSwaps: RiskAssessor = {
 *   async assess({ phoneNumber }, { signal }) {
 *     const { swappedAt } = await carrier.simSwap(phoneNumber, { signal });
 *     return Date.now() - swappedAt < 72 * 3_600_000
 *       ? { decision: 'deny', reason: 'sim swapped within 72 h' }
 *       : { decision: 'allow' };
 *   },
 * };
 */
export interface RiskAssessor {
  /** Should stop when `signal` aborts: the time is over, or the client hung up. */
  assess(request: RiskRequest, options: { readonly signal: AbortSignal }): RiskVerdict | Promise<RiskVerdict>;
}

export interface OtpRiskOptions {
  readonly assessor: RiskAssessor;
  /** How long the assessor may take, in seconds, 0.1 to 10. @default 2 */
  readonly timeoutSeconds?: number | undefined;
  /**
   * What an error, silence or nonsense means: `'deny'` fails closed, `'allow'` sends without a verdict (and clears
   * nothing). @default 'deny'
   */
  readonly onFailure?: 'deny' | 'allow' | undefined;
  /**
   * Whether `decoy` is understood. Then all requests, real ones too, are answered before their message is handed over,
   * so that nothing tells them apart; without it `decoy` is `deny`. @default false
   */
  readonly decoys?: boolean | undefined;
}
