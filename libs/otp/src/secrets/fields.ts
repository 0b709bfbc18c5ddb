const LENGTH_BYTES = 4;

/**
 * Joins fields so that no two different lists give the same bytes: each is preceded by its length in four bytes.
 * Without the lengths, `("ab", "c")` and `("a", "bc")` would hash alike.
 */
export function lengthPrefixed(fields: readonly (string | Buffer)[]): Buffer {
  const sizes = fields.map((field) => (typeof field === 'string' ? Buffer.byteLength(field) : field.length));
  const joined = Buffer.alloc(sizes.reduce((sum, size) => sum + LENGTH_BYTES + size, 0));
  let offset = 0;
  fields.forEach((field, index) => {
    const size = sizes[index] ?? 0;
    offset = joined.writeUInt32BE(size, offset);
    if (typeof field === 'string') {
      joined.write(field, offset, 'utf8');
    } else {
      field.copy(joined, offset);
    }
    offset += size;
  });
  return joined;
}
