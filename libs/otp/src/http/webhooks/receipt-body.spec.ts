import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { signedReceipts } from '../../../../../test/support/receipts.js';
import { bodyOf } from './receipt-body.js';

const MAX_BYTES = 262_144;

function bodyInPieces(pieces: number, size: number) {
  const request = new IncomingMessage(new Socket());
  request.method = 'POST';
  const body = bodyOf(request, {
    headers: { 'content-type': 'application/json' },
    endpoint: {
      transport: 'acme',
      reader: signedReceipts(),
      maxBodyBytes: MAX_BYTES,
      accepts: () => true,
      allows: () => true,
      urlOf: () => '',
    },
  });
  for (let piece = 0; piece < pieces; piece += 1) {
    request.emit('data', Buffer.alloc(size, piece % 251));
  }
  request.emit('end');
  return body;
}

it('C1 takes no more room than twice the body, in however many pieces it comes', async () => {
  for (const [pieces, size] of [
    [0, 1],
    [1, 1],
    [4096, 1],
    [4097, 1],
    [70_000, 1],
    [1, MAX_BYTES],
    [MAX_BYTES / 2, 2],
  ] as const) {
    const body = await bodyInPieces(pieces, size);
    expect(body.outcome).toBe('read');
    if (body.outcome === 'read') {
      const wanted = Buffer.concat(Array.from({ length: pieces }, (_, piece) => Buffer.alloc(size, piece % 251)));
      expect(body.bytes.equals(wanted)).toBe(true);
      expect(body.bytes.buffer.byteLength).toBeLessThanOrEqual(Math.max(2 * wanted.length, 16_384));
    }
  }
});

it('C1 is refused as soon as it is too long', async () => {
  expect(await bodyInPieces(MAX_BYTES + 1, 1)).toEqual({ outcome: 'size' });
});
