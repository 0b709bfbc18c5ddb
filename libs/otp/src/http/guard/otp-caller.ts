import type { ExecutionContext } from '@nestjs/common';

/** Who is signed in, as the application knows it. */
export interface OtpCallerIdentity {
  /** The application's id of the account. */
  readonly subject?: string;
  /** The number that the account trusts, international (`+…`). */
  readonly phoneNumber: string;
  /**
   * Opaque text that stands for the client's session, such as its id. It is hashed into the code, so a code is worth
   * nothing in another session. @default codes are not bound to a session
   */
  readonly session?: string;
  /** BCP 47 tag of the person's language. @default the first of the header `Accept-Language` */
  readonly locale?: string;
}

/**
 * Tells guards who is calling. Give the class to the module (`caller: AppOtpCaller`); it is found in the application on
 * first use, so it may inject what it likes.
 *
 * Answer `undefined` when nobody is signed in. What it throws refuses the request: for an account without a number, say so.
 */
export interface OtpCaller {
  /** An implementation may narrow the type of `request` to its own. */
  resolve(
    request: unknown,
    context: ExecutionContext,
  ): Promise<OtpCallerIdentity | undefined> | OtpCallerIdentity | undefined;
}
