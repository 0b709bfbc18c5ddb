/** One guard of the library taken out, and the test that notices. */
export interface Mutation {
  /** Kebab-case and unique; what `--only` and the table say. */
  readonly name: string;
  /** What stands between an attacker and his aim as long as nobody takes it out. */
  readonly guard: string;
  /** Below libs/otp/src. A Lua script is named by its own file; what is embedded follows. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly replace: string;
  readonly by: string;
  readonly killedBy: Killer;
}

export interface Killer {
  /** The spec file, from the root of the repository. */
  readonly file: string;
  /** A part of the test's title, as its file writes it. */
  readonly test: string;
}

/** @throws Error when the text is not there exactly once: the list must follow the code. */
export function mutated(text: string, { name, file, replace, by }: Mutation): string {
  const [before, after, ...more] = text.split(replace);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = after === undefined ? 0 : 1 + more.length;
    throw new Error(`${name}: what it replaces stands ${times} times in ${file}`);
  }
  return before + by + after;
}
