import type { IncomingMessage } from 'node:http';
import { mediaTypeOf } from '../../delivery/receipts/media-type.js';
import type { ReceiptRequest } from '../../delivery/receipts/receipt-reader.js';
import type { ReceiptEndpoint } from './receipt-endpoints.js';

/** `consumed`: something that runs before this module has read it, so the bytes are gone. */
export type ReceiptBody =
  | { readonly outcome: 'read'; readonly bytes: Buffer }
  | { readonly outcome: 'media_type' | 'size' | 'malformed' | 'consumed' };

/** Longer than most receipts. */
const FIRST_BYTES = 4096;
const NO_BODY: ReceiptBody = { outcome: 'read', bytes: Buffer.alloc(0) };

/** The bytes of a call's body, as they came. What is too long is not kept, what is of another kind is not read. */
export async function bodyOf(
  request: IncomingMessage,
  { headers, endpoint }: { readonly headers: ReceiptRequest['headers']; readonly endpoint: ReceiptEndpoint },
): Promise<ReceiptBody> {
  const { reader, maxBodyBytes } = endpoint;
  if (request.method !== 'POST' || !reader.methods.includes('POST')) {
    return NO_BODY;
  }
  const { 'content-encoding': encoding = 'identity', 'content-length': length = '0' } = headers;
  // Unpacking what anybody sends is how a small body becomes a large one; no provider packs its own.
  if (!reader.contentTypes.includes(mediaTypeOf({ headers })) || encoding.toLowerCase() !== 'identity') {
    return { outcome: 'media_type' };
  }
  if (Number(length) > maxBodyBytes) {
    return { outcome: 'size' };
  }
  return request.readableDidRead || request.readableEnded ? { outcome: 'consumed' } : readBytes(request, maxBodyBytes);
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<ReceiptBody> {
  return new Promise((resolve) => {
    // Copied together: a list of chunks is as long as the sender likes, up to one for each byte.
    let bytes = Buffer.alloc(Math.min(FIRST_BYTES, maxBytes));
    let size = 0;
    const finish = (body: ReceiptBody) => {
      request.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
      resolve(body);
    };
    const onData = (chunk: Buffer) => {
      const at = size;
      size += chunk.length;
      if (size <= maxBytes) {
        if (size > bytes.length) {
          bytes = Buffer.concat([bytes], Math.min(Math.max(2 * bytes.length, size), maxBytes));
        }
        chunk.copy(bytes, at);
        return;
      }
      finish({ outcome: 'size' });
      // The rest is read and forgotten, or the connection could not be used for the answer.
      request.resume();
    };
    const onEnd = () => finish({ outcome: 'read', bytes: bytes.subarray(0, size) });
    const onBreak = () => finish({ outcome: 'malformed' });
    request.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
  });
}
