/**
 * Joins fields so that no two different lists give the same bytes: each is preceded by its length in four bytes.
 * Without the lengths, `("ab", "c")` and `("a", "bc")` would hash alike.
 */
export function lengthPrefixed(fields: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [];
  for (const field of fields) {
    const bytes = typeof field === 'string' ? Buffer.from(field, 'utf8') : field;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
