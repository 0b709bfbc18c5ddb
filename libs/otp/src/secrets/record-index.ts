import { createHmac, type KeyObject } from 'node:crypto';
import type { RecordKey } from '../stores/otp-store.js';
import { deriveBytes, deriveKey } from './secret-ring.js';

/** 96 bits in base64url. */
const INDEX_CHARACTERS = 16;
const MAX_KEPT_IPS = 4096;

/**
 * Turns numbers, addresses and ids into the names of their records: HMAC-SHA-256 under a key of its own, cut to 96
 * bits. Counters live under these names, so the index secret is not rotated with the others: a new one would forget
 * every count.
 */
export class RecordIndex {
  /** Tells two index secrets apart without telling either; kept in the store to refuse a start with a changed one. */
  readonly fingerprint: string;
  private readonly key: KeyObject;
  private readonly ips = new Map<string, RecordKey>();

  constructor(indexSecret: string, namespace: string) {
    this.key = deriveKey(indexSecret, { namespace, use: 'index' });
    this.fingerprint = deriveBytes(indexSecret, { namespace, use: 'index-fingerprint', bytes: 12 }).toString(
      'base64url',
    );
  }

  number(handsetKey: string): RecordKey {
    return { kind: 'number', index: this.index('number', handsetKey) };
  }

  /** Addresses come again and again, most of all in a flood of requests to be refused, so their names are kept. */
  ip(group: string): RecordKey {
    const known = this.ips.get(group);
    if (known !== undefined) {
      return known;
    }
    const key: RecordKey = { kind: 'ip', index: this.index('ip', group) };
    if (this.ips.size === MAX_KEPT_IPS) {
      this.ips.clear();
    }
    this.ips.set(group, key);
    return key;
  }

  /** Key of a mark: `kind` says what the mark is about, `value` which one. */
  mark(kind: string, value: string): string {
    return this.index(`mark:${kind}`, value);
  }

  private index(kind: string, value: string): string {
    return createHmac('sha256', this.key).update(`${kind}\0${value}`).digest('base64url').slice(0, INDEX_CHARACTERS);
  }
}
