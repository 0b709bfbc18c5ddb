const MAX_LENGTH = 160;
const CONTROL = /[\p{C}\p{Zl}\p{Zp}]+/gu;
/** Six digits or more, punctuation between them included: a code or a number, and no provider's error code. */
const LONG_DIGITS = /\p{Nd}(?:[\p{Zs}()\-./,_:·–—]{0,3}\p{Nd}){5,}/gu;

/** So much of a message in a row is no chance. */
const REPEATED = 16;

/**
 * A failure's detail as it may be logged. Adapters promise to name neither number nor code, but providers repeat what
 * they were sent in their error texts; of one that repeats the message nothing is told, for it may say what is signed, nor
 * of one that repeats the address of its receipts, which may end with a secret.
 */
export function safeDetail(detail: string, sent: readonly string[] = []): string {
  return sent.some((text) => repeats(detail, text))
    ? 'the provider repeated the message'
    : detail.slice(0, MAX_LENGTH).replace(CONTROL, ' ').replace(LONG_DIGITS, '…');
}

function repeats(detail: string, text: string): boolean {
  for (let at = 0; at + REPEATED <= text.length; at += 1) {
    if (detail.includes(text.slice(at, at + REPEATED))) {
      return true;
    }
  }
  return false;
}
