import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { BindingDetails } from '../message/message-template.js';

/**
 * What a code stands for beyond its purpose ("what you see is what you sign", PSD2 dynamic linking: Commission Delegated
 * Regulation (EU) 2018/389, article 5).
 */
export interface Transaction {
  /** What the message shows, e.g. amount and payee. */
  readonly details: BindingDetails | undefined;
  /** `canonicalHash` of what is called; only guards know it. */
  readonly action: Buffer | undefined;
}

export const NO_TRANSACTION: Transaction = { details: undefined, action: undefined };

/** Longest binding as JSON; it is kept with its challenge and must fit a message. */
export const MAX_DETAILS_BYTES = 512;

/**
 * SHA-256 over the canonical JSON of a value (RFC 8785): the order of its members does not matter.
 *
 * @throws Error for what JSON cannot tell: a value without JSON, NaN, a lone surrogate, a circle.
 */
export function canonicalHash(value: unknown): Buffer {
  const json = canonicalize(value);
  if (json === undefined) {
    throw new TypeError('This value has no JSON');
  }
  return createHash('sha256').update(json).digest();
}

/** The parts of a transaction as they are hashed into a code; `undefined` binds nothing. */
export interface TransactionHashes {
  readonly details: Buffer | undefined;
  readonly action: Buffer | undefined;
}

export function transactionHashes({ details, action }: Transaction): TransactionHashes {
  return { details: details && canonicalHash(details), action };
}
