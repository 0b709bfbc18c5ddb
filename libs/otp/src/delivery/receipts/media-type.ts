import type { ReceiptRequest } from './receipt-reader.js';

/** The media type of the body without parameters, in lower case; empty where none is named. */
export function mediaTypeOf({ headers }: Pick<ReceiptRequest, 'headers'>): string {
  return (headers['content-type']?.split(';')[0] ?? '').trim().toLowerCase();
}
