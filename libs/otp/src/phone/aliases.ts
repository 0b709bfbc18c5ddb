/** A second E.164 form of a handset's number: what follows `from` is the same digits behind `to`. */
export interface NumberAlias {
  /** `+`, calling code and the leading digits that are replaced. */
  readonly from: string;
  /** What stands there in the number's present form. */
  readonly to: string;
  /** How many digits follow `from`; numbers of another length are no alias. */
  readonly digits: number;
  /** ISO 3166-1 alpha-2 code of the country whose network the handset is in. */
  readonly country: string;
}

/**
 * Forms that are valid numbers for the parser and reach, or reached, one handset under two numbers in E.164.
 *
 * A row must be certain: two handsets under one key would pass for each other where proofs are compared. So it names a
 * change or an arrangement that a regulator or carrier announced, and never a guess from lengths.
 *
 * The key of a handset stands in its counters' names and in the hash of its codes. Changing a row gives the numbers it
 * matches another key: from the deploy on their counters start afresh, and codes under way for them are not accepted.
 */
export const NUMBER_ALIASES: readonly NumberAlias[] = [
  // Palestine's carriers are reached through +970 (ITU, 1999) and still through Israel's +972; 056 and 059 are theirs.
  { from: '+97256', to: '+97056', digits: 7, country: 'PS' },
  { from: '+97259', to: '+97059', digits: 7, country: 'PS' },
  // Gabon, November 2019: 0X became 06X or 07X in the country, and 6X or 7X from abroad. The old form is valid with its
  // 0 and without. What became of 03 is not known, so only its two old forms are joined.
  ...gabon('2', '62'),
  ...gabon('4', '74'),
  ...gabon('5', '65'),
  ...gabon('6', '66'),
  ...gabon('7', '77'),
  { from: '+2413', to: '+24103', digits: 6, country: 'GA' },
  // Telesom, Somaliland, 2013: the mobile numbers 4xxxxxx moved from the area code 2 to 63.
  { from: '+25224', to: '+252634', digits: 6, country: 'SO' },
];

function gabon(former: string, present: string): readonly NumberAlias[] {
  return [`+2410${former}`, `+241${former}`].map((from) => ({ from, to: `+241${present}`, digits: 6, country: 'GA' }));
}
