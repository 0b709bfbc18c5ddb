import type { ComponentChildren } from 'preact';

/** What stands between the header and the footer of a page. */
export interface Page {
  readonly title: string;
  readonly body: ComponentChildren;
  /** Whether the header offers what only a signed-in person has. @default false */
  readonly isSignedIn?: boolean;
  /** Fetched again every other second, and its `data-swap` elements put in place. @default false */
  readonly isLive?: boolean;
  /** The same, but only for its elements that are marked `data-live` as well. @default false */
  readonly watches?: boolean;
  /** Takes the whole width, without the phone beside it. @default false */
  readonly isWide?: boolean;
  /** Style sheets of its own, by name of the asset. */
  readonly styles?: readonly string[];
}
