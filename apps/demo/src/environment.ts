/** One line that names the variable, the problem and the mend; it never repeats a secret or a password. */
export class DemoConfigError extends Error {
  override readonly name = 'DemoConfigError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** An unset and an empty variable mean the same. */
export function read(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

export function readList(env: Environment, name: string): readonly string[] | undefined {
  const entries = read(env, name)
    ?.split(',')
    .map((entry) => entry.trim());
  if (entries?.includes('')) {
    throw new DemoConfigError(`${name} has an empty entry: remove the comma too many.`);
  }
  return entries;
}

/** One line whatever was put in the variable. */
export function quote(value: string): string {
  return JSON.stringify(value.slice(0, 80));
}
