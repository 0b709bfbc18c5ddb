import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MOST_COLOURS = 256;
const TRUE_COLOUR = 2;
const PALETTE = 3;

/**
 * A browser's picture (PNG, 8 bits, true colour) with a palette of its 256 commonest colours: a third of the size, and the
 * pages have few others, all of them at the edges of letters.
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const colours = countColours(pixels);
  const palette = [...colours.keys()].toSorted((a, b) => (colours.get(b) ?? 0) - (colours.get(a) ?? 0) || a - b);
  palette.splice(MOST_COLOURS);
  const places = new Map([...colours.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < width * height; at += 1) {
    rows[at + Math.floor(at / width) + 1] = places.get(pixels.readUIntBE(at * 3, 3)) ?? 0;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, PALETTE], 8);
  const colourTable = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colourTable),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each, row by row. */
  readonly pixels: Buffer;
}

function decode(png: Buffer): Pixels {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    }
  }
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (png[24] !== 8 || png[25] !== TRUE_COLOUR || png[28] !== 0) {
    throw new Error('not a picture of 8 bits, true colour and no interlacing');
  }
  return { width, height, pixels: withoutFilters(inflateSync(Buffer.concat(parts)), width * 3, height) };
}

/** PNG (third edition) §9.2: each row says how its bytes differ from those on the left and above. */
function withoutFilters(rows: Buffer, length: number, height: number): Buffer {
  const bytes = Buffer.alloc(length * height);
  for (let at = 0; at < bytes.length; at += 1) {
    const row = Math.floor(at / length);
    const isFirst = at % length < 3;
    const left = isFirst ? 0 : (bytes[at - 3] ?? 0);
    const above = bytes[at - length] ?? 0;
    const corner = isFirst ? 0 : (bytes[at - length - 3] ?? 0);
    const predicted = predict(rows[row * (length + 1)] ?? 0, left, above, corner);
    bytes[at] = ((rows[at + row + 1] ?? 0) + predicted) & 255;
  }
  return bytes;
}

function predict(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const [a, b, c] = [Math.abs(above - corner), Math.abs(left - corner), Math.abs(left + above - 2 * corner)];
      return a <= b && a <= c ? left : b <= c ? above : corner;
    }
    default:
      return 0;
  }
}

function countColours(pixels: Buffer): Map<number, number> {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** The place of the colour that is most like it. */
function nearest(palette: readonly number[], colour: number): number {
  const away = (other: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((other >> shift) & 255) - ((colour >> shift) & 255)) ** 2, 0);
  let found = 0;
  palette.forEach((other, place) => {
    if (away(other) < away(palette[found] ?? 0)) {
      found = place;
    }
  });
  return found;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}
