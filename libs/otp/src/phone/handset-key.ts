/**
 * The key of the handset that a valid number reaches: equal for all its spellings and aliases. Limits count by it, so two
 * keys for one handset would be two budgets.
 *
 * It is the number in E.164: spellings have already met there. The parser also joins Argentina's `+54 11 15 …`, `011 15 …`
 * and `+54 9 11 …`; the same digits without 9 and 15 are a landline and are refused before. Mexico's old `+52 1 …` is not
 * valid any more and is refused. Aliases that E.164 keeps apart are to be mapped here and nowhere else.
 */
export function handsetKeyOf(e164: string): string {
  return e164;
}
