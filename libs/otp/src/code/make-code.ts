import { NodeCryptoPlugin } from '@otplib/plugin-crypto-node';
import { generateSync } from 'otplib';
import { randomBytes } from '../secrets/random-bytes.js';

/** Digits of a code. NIST SP 800-63B-4 §3.1.3.2 asks for at least six. */
export type CodeLength = 6 | 7 | 8;

export const CODE_LENGTHS: readonly CodeLength[] = [6, 7, 8];

export interface CodeMakerOptions {
  /** Gives a fresh secret of 20 bytes for every draw; tests replace it. @default the system's CSPRNG */
  readonly secret?: () => Uint8Array;
}

/** RFC 4226 §4 recommends 160 bits. */
const SECRET_BYTES = 20;
/** RFC 4226 §5.3 truncates to 31 bits; ten digits show them all. */
const TRUNCATION_SPACE = 2 ** 31;
const ALL_DIGITS = 10;
/** At most one draw in 45 is refused, so that many in a row mean a broken source. */
const MAX_DRAWS = 64;

const crypto = new NodeCryptoPlugin();

/** HOTP (RFC 4226 §5.3) of a secret used once, at counter 0, before it is cut to digits. */
export function truncatedHotp(secret: Uint8Array): number {
  return Number(generateSync({ strategy: 'hotp', secret, counter: 0, digits: ALL_DIGITS, crypto }));
}

/**
 * Makes codes: every one of the 10^digits is equally likely, zero-padded.
 *
 * 2^31 is no multiple of 10^digits, so its last, incomplete stretch would make low codes likelier: values in it are drawn
 * again.
 *
 * @throws RangeError for another number of digits. @throws Error when the source of secrets is broken.
 */
export function createCodeMaker(options: CodeMakerOptions = {}): (digits: CodeLength) => string {
  const secret = options.secret ?? (() => randomBytes(SECRET_BYTES));

  return (digits) => {
    if (!CODE_LENGTHS.includes(digits)) {
      throw new RangeError('a code has 6, 7 or 8 digits');
    }
    const codes = 10 ** digits;
    const admitted = TRUNCATION_SPACE - (TRUNCATION_SPACE % codes);
    for (let draw = 0; draw < MAX_DRAWS; draw++) {
      const fresh = secret();
      if (fresh.length !== SECRET_BYTES) {
        throw new Error('the source of secrets must give 20 bytes');
      }
      const value = truncatedHotp(fresh);
      if (value < admitted) {
        return String(value % codes).padStart(digits, '0');
      }
    }
    throw new Error('the source of secrets repeats itself');
  };
}
