/// <reference lib="dom" />

/** A text in each plural category of its language (`Intl.PluralRules`). */
export type OtpPlurals = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The element's own words. `{time}`, `{count}` and `{length}` are filled in where the text has them. */
export interface OtpCodeTexts {
  /** Of a label that the element makes itself. */
  label: string;
  /** Error: nothing was typed. */
  empty: string;
  /** Error: there is something else than digits. */
  notDigits: string;
  /** Error: `{count}` digits are missing of `{length}`. */
  tooFew: OtpPlurals;
  /** Error: `{count}` digits more than `{length}`. */
  tooMany: OtpPlurals;
  /** Error and announcement: the time is over. */
  expired: string;
  /** The countdown, with `{time}` as minutes and seconds. */
  validFor: string;
  /** Instead of the countdown when the time is over. */
  ended: string;
  /** Announced once when a minute is left. */
  lastMinute: string;
  /** Behind the words of the resend buttons while they wait, with `{time}`. */
  resendIn: string;
  /** Announced once when the resend buttons can be used. */
  resendReady: string;
}

/** Of `otp-code`: the code that the form is about to send. Cancel it to keep the form from going on. */
export interface OtpCodeEventDetail {
  /** ASCII digits, as many as `length`. */
  code: string;
}

/**
 * One field for a one-time code around a plain form's own elements.
 *
 * @example
 * <form method="post" action="/code">
 *   <otp-code-input length="6" expires-in="300"></otp-code-input>
 *   <button>Sign in</button>
 * </form>
 */
export declare class OtpCodeInput extends HTMLElement {
  /** Digits of a code: the attribute `length`. @default 6 */
  length: number;
  /** What the field holds as ASCII digits when these are as many as `length`; otherwise empty. */
  readonly code: string;
  /** Own words that replace the built-in ones. @default {} */
  texts: Partial<OtpCodeTexts>;
  /** Shows an error at the field, moves the focus there, and listens for an SMS again. Empty removes the error. */
  showError(text: string): void;
  /** Says something to screen readers, and shows it, without moving the focus. */
  announce(text: string): void;
  /** Empties the field and removes its error. */
  clear(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'otp-code-input': OtpCodeInput;
  }
  interface GlobalEventHandlersEventMap {
    'otp-code': CustomEvent<OtpCodeEventDetail>;
  }
}
