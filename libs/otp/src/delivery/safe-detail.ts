const MAX_LENGTH = 160;
const CONTROL = /[\p{C}\p{Zl}\p{Zp}]+/gu;
/** Six digits or more, punctuation between them included: a code or a number, and no provider's error code. */
const LONG_DIGITS = /\p{Nd}(?:[ ()\-./\u00A0]{0,2}\p{Nd}){5,}/gu;

/**
 * A failure's detail as it may be logged. Adapters promise to name neither number nor code, but providers repeat what
 * they were sent in their error texts.
 */
export function safeDetail(detail: string): string {
  return detail.slice(0, MAX_LENGTH).replace(CONTROL, ' ').replace(LONG_DIGITS, '…');
}
