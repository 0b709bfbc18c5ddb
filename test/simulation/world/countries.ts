import type { Random } from '../engine/random.js';

/** A country as the simulation knows it. Numbers are valid in the metadata that the module uses. */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** Calling code and the ranges in which mobile numbers begin. */
  readonly ranges: readonly string[];
  /** Digits after the range. */
  readonly restDigits: number;
  /** Blocks of 10,000 numbers in use: half of the numbers in them have a phone. */
  readonly blocks: number;
}

/** A number of the country; `block` chooses its prefix, so that people are as dense in it as subscribers are. */
export function numberIn(country: Country, random: Random, block = random.between(0, country.blocks - 1)): string {
  return `${prefixOf(country, block)}${random.digits(4)}`;
}

/** A number less its last four digits. The blocks follow each other without a gap in each range, as they are handed out. */
export function prefixOf({ ranges, restDigits }: Country, block: number): string {
  const range = ranges[block % ranges.length] ?? '';
  const places = restDigits - 4;
  const within = (Math.floor(block / ranges.length) + 10 ** (places - 1)) % 10 ** places;
  return `+${range}${String(within).padStart(places, '0')}`;
}

function ofRanges(code: string, ranges: readonly string[], restDigits: number, millionPhones: number): Country {
  const possible = ranges.length * 10 ** (restDigits - 4);
  return { code, ranges, restDigits, blocks: Math.min(possible, millionPhones * 200) };
}

/** Where the service's people live, with the share of them. */
export const HOME = ofRanges('DE', ['49151', '49160', '49170', '49171', '49175', '49176'], 8, 105);
export const HONEST_COUNTRIES: readonly { readonly country: Country; readonly share: number }[] = [
  { country: HOME, share: 0.7 },
  { country: ofRanges('AT', ['43664', '43676', '43680'], 7, 12), share: 0.1 },
  { country: ofRanges('NL', ['3161', '3162', '3164', '3165'], 7, 20), share: 0.08 },
  { country: ofRanges('CH', ['4176', '4178', '4179'], 7, 10), share: 0.04 },
  { country: ofRanges('BE', ['3247', '3248', '3249'], 7, 12), share: 0.03 },
  { country: ofRanges('FR', ['3361', '3362', '3366', '3367'], 7, 80), share: 0.02 },
  { country: ofRanges('PL', ['4850', '4860', '4879'], 7, 50), share: 0.02 },
  { country: ofRanges('IT', ['39333', '39347', '39320'], 7, 75), share: 0.01 },
];

/** Has no people of the service before its launch day. */
export const LAUNCH_COUNTRY = ofRanges('ES', ['346'], 8, 58);

/** Countries to which messages are dear, where pumping pays. The service has nobody there. */
export const PUMPED_COUNTRIES: readonly Country[] = [
  ofRanges('AZ', ['99450', '99455', '99470'], 7, 11),
  ofRanges('UZ', ['99890', '99897'], 7, 30),
  ofRanges('TJ', ['99292'], 7, 5),
  ofRanges('KG', ['996555', '996700'], 6, 5),
  ofRanges('PK', ['92300'], 7, 40),
  ofRanges('BD', ['88017'], 8, 80),
  ofRanges('LK', ['9471'], 7, 20),
  ofRanges('ID', ['62812'], 8, 150),
  ofRanges('NG', ['234803'], 7, 40),
  ofRanges('SN', ['22177'], 7, 15),
  ofRanges('TN', ['2162'], 7, 8),
  ofRanges('DZ', ['21355'], 7, 20),
  ofRanges('MG', ['26132'], 7, 15),
  ofRanges('MM', ['95979'], 7, 20),
  ofRanges('VN', ['8491'], 7, 40),
  ofRanges('IQ', ['96479'], 8, 30),
  ofRanges('JO', ['96279'], 7, 6),
  ofRanges('LY', ['21891'], 7, 7),
  ofRanges('YE', ['96771'], 7, 10),
  ofRanges('PS', ['97059'], 7, 3),
];
