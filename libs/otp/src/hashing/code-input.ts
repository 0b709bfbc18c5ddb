import { createHmac, type KeyObject } from 'node:crypto';
import { lengthPrefixed } from '../secrets/fields.js';

/** Everything a code stands for. Change any of it and the code is wrong. */
export interface CodeContext {
  readonly namespace: string;
  readonly purpose: string;
  readonly handsetKey: string;
  readonly subject: string | undefined;
  /** The challenge's 128 random bits. */
  readonly challengeId: Buffer;
  /** Hash of the transaction's details. */
  readonly details: Buffer | undefined;
  /** Hash of what is called. */
  readonly action: Buffer | undefined;
  /** Hash of the client's session. */
  readonly session: Buffer | undefined;
  readonly code: string;
}

/**
 * The input of the hash: HMAC-SHA-256 under the pepper, a key that never reaches the store (NIST SP 800-63B-4
 * §3.1.1.2), over the code and all it is bound to. A copy of the store alone is therefore worth nothing, and a code of
 * one purpose, number, subject, challenge, transaction or session is wrong for any other.
 */
export function codeInput(pepper: KeyObject, context: CodeContext): Buffer {
  const { namespace, purpose, handsetKey, subject, challengeId, details, action, session, code } = context;
  const bound = [details, action, session].map((hash) => hash ?? '');
  return createHmac('sha256', pepper)
    .update(lengthPrefixed([namespace, purpose, handsetKey, subject ?? '', challengeId, ...bound, code]))
    .digest();
}
