import { createHmac, type KeyObject } from 'node:crypto';
import type { RecordKey, RecordKind } from '../stores/otp-store.js';
import { deriveBytes, deriveKey } from './secret-ring.js';

/** 96 bits in base64url. */
const INDEX_CHARACTERS = 16;
const MAX_KEPT = 4096;

/**
 * What names a record of a throttle. The window belongs to it: else one limit's entries would have to be kept for as long
 * as another of that name looks back, as many as came in that time.
 */
export interface ThrottleName {
  /** Without NUL. */
  readonly name: string;
  readonly windowSeconds: number;
  readonly key: string;
}

/**
 * Turns numbers, addresses and ids into the names of their records: HMAC-SHA-256 under a key of its own, cut to 96
 * bits. Counters live under these names, so the index secret is not rotated with the others: a new one would forget
 * every count.
 */
export class RecordIndex {
  /** Tells two index secrets apart without telling either; kept in the store to refuse a start with a changed one. */
  readonly fingerprint: string;
  private readonly key: KeyObject;
  private readonly kept = new Map<string, RecordKey>();

  constructor(indexSecret: string, namespace: string) {
    this.key = deriveKey(indexSecret, { namespace, use: 'index' });
    this.fingerprint = deriveBytes(indexSecret, { namespace, use: 'index-fingerprint', bytes: 12 }).toString(
      'base64url',
    );
  }

  number(handsetKey: string): RecordKey {
    return { kind: 'number', index: this.index('number', handsetKey) };
  }

  /** What one address or one subscriber's network shares. */
  ip(group: string): RecordKey {
    return this.keep('ip', group);
  }

  /** What several subscribers share, e.g. `2001:db8:1200::/48`. */
  network(group: string): RecordKey {
    return this.keep('network', group);
  }

  /** A phone number less its last digits. */
  prefix(prefix: string): RecordKey {
    return this.keep('prefix', prefix);
  }

  country(country: string): RecordKey {
    return this.keep('country', country);
  }

  all(): RecordKey {
    return this.keep('all', '');
  }

  /** An address together with a prefix. */
  pair(group: string, prefix: string): RecordKey {
    return { kind: 'pair', index: this.index('pair', `${group}\0${prefix}`) };
  }

  /** Whom a limit of the application's own counts. Keys may be anything that a client sends, so none is kept here. */
  throttle({ name, windowSeconds, key }: ThrottleName): RecordKey {
    return { kind: 'throttle', index: this.index('throttle', `${name}\0${windowSeconds}\0${key}`) };
  }

  /** Key of a mark: `kind` says what the mark is about, `value` which one. */
  mark(kind: string, value: string): string {
    return this.index(`mark:${kind}`, value);
  }

  /** Names that come again and again, most of all in a flood of requests to be refused, are kept. */
  private keep(kind: RecordKind, value: string): RecordKey {
    const name = `${kind}\0${value}`;
    const known = this.kept.get(name);
    if (known !== undefined) {
      return known;
    }
    const key: RecordKey = { kind, index: this.index(kind, value) };
    if (this.kept.size === MAX_KEPT) {
      this.kept.clear();
    }
    this.kept.set(name, key);
    return key;
  }

  private index(kind: string, value: string): string {
    return createHmac('sha256', this.key).update(`${kind}\0${value}`).digest('base64url').slice(0, INDEX_CHARACTERS);
  }
}
