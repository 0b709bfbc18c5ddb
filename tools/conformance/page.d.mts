import type { NamedTest } from './titles.mjs';

export interface Requirement {
  readonly id: string;
  readonly statement: string;
  readonly sources: readonly string[];
  /** Why no test shows it, or not all of it. */
  readonly absent?: string;
}

export interface Requirements {
  readonly sections: readonly { readonly title: string; readonly requirements: readonly Requirement[] }[];
  /** The first is number 1. */
  readonly invariants: readonly string[];
}

/** What is wrong with titles or list, one line each. */
export declare function problemsOf(requirements: Requirements, tests: readonly NamedTest[]): readonly string[];
/** Markdown, to stand in docs/. */
export declare function pageOf(requirements: Requirements, tests: readonly NamedTest[]): string;
