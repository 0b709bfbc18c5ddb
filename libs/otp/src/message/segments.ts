export interface SegmentCount {
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets in GSM-7, UTF-16 code units in UCS-2. */
  readonly units: number;
  /** What a provider charges for. */
  readonly segments: number;
}

/** 3GPP TS 23.038 §6.2.1, the default alphabet. */
const BASIC = Array.from(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** 3GPP TS 23.038 §6.2.1.1: these take an escape as well. */
const EXTENSION = Array.from('\f^{}\\[~]|€');
const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...BASIC.map((character) => [character, 1] as const),
  ...EXTENSION.map((character) => [character, 2] as const),
]);

const GSM_7 = { encoding: 'GSM-7', single: 160, part: 153 } as const;
const UCS_2 = { encoding: 'UCS-2', single: 70, part: 67 } as const;

/** How many segments a text takes. One character outside GSM-7 makes the whole text UCS-2. */
export function countSegments(text: string): SegmentCount {
  const septets = countSeptets(text);
  const { encoding, single, part } = septets === undefined ? UCS_2 : GSM_7;
  const units = septets ?? text.length;
  return { encoding, units, segments: units <= single ? 1 : countParts(sizesOf(text, encoding), part) };
}

/** `undefined` when a character is outside GSM-7. */
function countSeptets(text: string): number | undefined {
  let septets = 0;
  for (const character of text) {
    const size = SEPTETS.get(character);
    if (size === undefined) {
      return undefined;
    }
    septets += size;
  }
  return septets;
}

function sizesOf(text: string, encoding: SegmentCount['encoding']): readonly number[] {
  return Array.from(text, (character) => (encoding === 'GSM-7' ? (SEPTETS.get(character) ?? 0) : character.length));
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
