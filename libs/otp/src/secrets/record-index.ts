import { createHmac, type KeyObject } from 'node:crypto';
import type { RecordKey } from '../stores/otp-store.js';
import { deriveBytes, deriveKey } from './secret-ring.js';

/** 96 bits in base64url. */
const INDEX_CHARACTERS = 16;

/**
 * Turns numbers, addresses and ids into the names of their records: HMAC-SHA-256 under a key of its own, cut to 96
 * bits. Counters live under these names, so the index secret is not rotated with the others: a new one would forget
 * every count.
 */
export class RecordIndex {
  /** Tells two index secrets apart without telling either; kept in the store to refuse a start with a changed one. */
  readonly fingerprint: string;
  private readonly key: KeyObject;

  constructor(indexSecret: string, namespace: string) {
    this.key = deriveKey(indexSecret, { namespace, use: 'index' });
    this.fingerprint = deriveBytes(indexSecret, { namespace, use: 'index-fingerprint', bytes: 12 }).toString(
      'base64url',
    );
  }

  number(handsetKey: string): RecordKey {
    return { kind: 'number', index: this.index('number', handsetKey) };
  }

  ip(group: string): RecordKey {
    return { kind: 'ip', index: this.index('ip', group) };
  }

  /** Key of a mark: `kind` says what the mark is about, `value` which one. */
  mark(kind: string, value: string): string {
    return this.index(`mark:${kind}`, value);
  }

  private index(kind: string, value: string): string {
    return createHmac('sha256', this.key).update(`${kind}\0${value}`).digest('base64url').slice(0, INDEX_CHARACTERS);
  }
}
