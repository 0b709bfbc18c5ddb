/** What a message tells. */
export interface MessageFacts {
  readonly code: string;
  readonly serviceName: string;
  /** How long the code is good, in seconds, from now. */
  readonly ttlSeconds: number;
  /** What the code is for; a template may name it. */
  readonly purpose: string;
}

/** The words of one language. The code comes first: previews on a locked screen and watches show the start only. */
export type MessageTemplate = (facts: MessageFacts) => string;
