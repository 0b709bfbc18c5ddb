const MAX_LENGTH = 255;

/** The option `audience` as a list. */
export function listAudience(audience: string | readonly string[] | undefined): readonly string[] {
  return typeof audience === 'string' ? [audience] : (audience ?? []);
}

/** What is wrong with the option, but for what only the store's namespace tells. */
export function checkAudience(value: unknown): string | undefined {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.some((name) => typeof name !== 'string' || name.length < 1 || name.length > MAX_LENGTH)) {
    return `must be text of 1 to ${MAX_LENGTH} characters, or a list of such, e.g. 'https://payments.acme.com'`;
  }
  return new Set(names).size < names.length ? 'lists the same service twice; list each once' : undefined;
}
