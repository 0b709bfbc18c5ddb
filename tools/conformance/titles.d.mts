export interface Tags {
  /** Of requirements: `A3`. */
  readonly ids: readonly string[];
  /** Numbers of attack cases. */
  readonly cases: readonly number[];
  readonly invariants: readonly number[];
  /** What follows the tags. */
  readonly words: string;
}

export interface NamedTest extends Tags {
  /** From the root of the repository. */
  readonly file: string;
  /** With those of the `describe`s around it. */
  readonly title: string;
}

export declare function readTests(root: string): Promise<readonly NamedTest[]>;
/** `path`: the titles from the outermost `describe` to the test. */
export declare function tagsOf(path: readonly string[]): Tags;
