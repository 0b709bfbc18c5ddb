import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Bytes from the system's CSPRNG, drawn from it 4 KiB at a time: asking it costs as much for 4096 bytes as for 16, and
 * one login asks six times. Each byte is handed out once, as a copy, and wiped from the pool.
 */
export function randomBytes(size: number): Buffer {
  if (!Number.isSafeInteger(size) || size < 1 || size > POOL_BYTES) {
    throw new RangeError(`randomBytes gives 1 to ${POOL_BYTES} bytes`);
  }
  if (used + size > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const slice = pool.subarray(used, used + size);
  used += size;
  const bytes = Buffer.from(slice);
  slice.fill(0);
  return bytes;
}
