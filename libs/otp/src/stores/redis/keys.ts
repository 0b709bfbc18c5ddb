import type { RecordKey } from '../otp-store.js';

/*
 * Every key of the store. The braces are a cluster's hash tag: all of one number has one slot. Neither a namespace nor an
 * index can hold a colon or a brace, so no key of one kind, or of one application, reads as another's.
 */

export function recordKey(namespace: string, { kind, index }: RecordKey): string {
  return `${namespace}:{${kind === 'number' ? 'n' : 'i'}${index}}`;
}

export function markKey(namespace: string, key: string): string {
  return `${namespace}:m:{${key}}`;
}
