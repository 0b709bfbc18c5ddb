import type { RecordKey, RecordKind } from '../otp-store.js';

/*
 * Every key of the store. The braces are a cluster's hash tag: all of one number has one slot. Neither a namespace nor an
 * index can hold a colon or a brace, so no key of one kind, or of one application, reads as another's.
 */

const LETTERS: Readonly<Record<RecordKind, string>> = {
  number: 'n',
  ip: 'i',
  network: 'w',
  prefix: 'p',
  country: 'c',
  all: 'a',
  pair: 'q',
  throttle: 'r',
};

export function recordKey(namespace: string, { kind, index }: RecordKey): string {
  return `${namespace}:{${LETTERS[kind]}${index}}`;
}

/** Where a record's tallies stand: apart from its logs and challenges, and in their slot. */
export function tallyKey(namespace: string, key: RecordKey): string {
  return `${recordKey(namespace, key)}t`;
}

/** What a connection writes before it asks whether replicas have all that it wrote: beside the record, and in its slot. */
export function barrierKey(name: string): string {
  return `${name}w`;
}

export function markKey(namespace: string, key: string): string {
  return `${namespace}:m:{${key}}`;
}
