/** One message of a challenge, as far as its limits need it to be settled. */
export interface SentMessage {
  /** When it was taken from the limits. */
  readonly at: number;
  /** The group of the client's address; missing for `client: 'none'`. */
  readonly ipGroup: string | undefined;
  /** Whether it counts in what all share (prefix, country, all), which those of known numbers do not. */
  readonly counted: boolean;
}
