import { NUMBER_ALIASES, type NumberAlias } from './aliases.js';

/** `+` and a calling code of three digits, as every alias has: one look-up tells that a number has none. */
const CALLING_CODE_LENGTH = 4;
const ALIASED_CODES: ReadonlySet<string> = new Set(
  NUMBER_ALIASES.map(({ from }) => from.slice(0, CALLING_CODE_LENGTH)),
);

/**
 * The key of the handset that a valid number reaches: equal for all its spellings and aliases. Limits count by it, so two
 * keys for one handset would be two budgets.
 *
 * It is the present form of the number in E.164. Spellings have already met there; aliases that E.164 keeps apart are
 * mapped by the table and nowhere else. Former numbers that reach nobody are refused before.
 */
export function handsetKeyOf(e164: string): string {
  const alias = aliasOf(e164);
  return alias === undefined ? e164 : alias.to + e164.slice(alias.from.length);
}

/** The row of the table that a number in E.164 falls under. */
export function aliasOf(e164: string): NumberAlias | undefined {
  return ALIASED_CODES.has(e164.slice(0, CALLING_CODE_LENGTH))
    ? NUMBER_ALIASES.find(({ from, digits }) => e164.length === from.length + digits && e164.startsWith(from))
    : undefined;
}
