export interface SegmentCount {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets in GSM-7, UTF-16 code units in UCS-2. */
  readonly units: number;
  /** What a provider charges for. */
  readonly segments: number;
}

/** 3GPP TS 23.038 §6.2.1, the default alphabet. */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** 3GPP TS 23.038 §6.2.1.1: these take an escape as well. */
const EXTENSION = new Set('\f^{}\\[~]|€');

const GSM_7 = { encoding: 'GSM-7', single: 160, part: 153 } as const;
const UCS_2 = { encoding: 'UCS-2', single: 70, part: 67 } as const;

/** How many segments a text takes. One character outside GSM-7 makes the whole text UCS-2. */
export function countSegments(text: string): SegmentCount {
  const characters = Array.from(text);
  const isGsm = characters.every((character) => BASIC.has(character) || EXTENSION.has(character));
  const { encoding, single, part } = isGsm ? GSM_7 : UCS_2;
  const sizes = characters.map((character) => (isGsm ? (EXTENSION.has(character) ? 2 : 1) : character.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  return { encoding, units, segments: units <= single ? 1 : countParts(sizes, part) };
}

/** An escape pair or a surrogate pair is never split: one that does not fit begins the next part. */
function countParts(sizes: readonly number[], part: number): number {
  let parts = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part) {
      parts++;
      used = 0;
    }
    used += size;
  }
  return parts;
}
