const NAMESPACE = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const ID_BYTES = 16;
const HASH_BYTES = 48;

/** JavaScript callers may have given anything. */
export function checkOptions(store: string, options: unknown): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${store}: options must be one object`);
  }
}

/** The namespace stands in every key: it must not be able to end one part of a key and begin another. */
export function checkNamespace(store: string, namespace: string): string {
  if (typeof namespace !== 'string' || !NAMESPACE.test(namespace)) {
    throw new TypeError(
      `${store}: \`namespace\` must be 1 to 32 of a-z, 0-9, "-" and "_", beginning with a letter or digit (e.g. "otp")`,
    );
  }
  return namespace;
}

/** Challenges are packed without lengths, so other sizes would be read back as something else. */
export function checkSizes({ id, hash }: { readonly id?: Buffer; readonly hash?: Buffer }): void {
  if (id && id.length !== ID_BYTES) {
    throw new TypeError(`A challenge id has ${ID_BYTES} bytes, not ${id.length}`);
  }
  if (hash && hash.length !== HASH_BYTES) {
    throw new TypeError(`A challenge's hash has ${HASH_BYTES} bytes (salt and digest), not ${hash.length}`);
  }
}
