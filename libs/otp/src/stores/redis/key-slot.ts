const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/**
 * The slot of a key in a cluster: CRC-16/XMODEM of what its braces hold, or of the whole key (Redis Cluster specification,
 * "Key distribution model" and "Hash tags"). ioredis works it out as well, and keeps it to itself.
 */
export function keySlot(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  return crc16(open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key) % SLOTS;
}

function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : POLYNOMIAL)) & 0xffff;
    }
  }
  return crc;
}
