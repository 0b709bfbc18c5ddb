/** What the soak and its applications tell each other over the channel between their processes. */
export type ToApplication =
  { readonly kind: 'advance'; readonly ms: number } | { readonly kind: 'measure' } | { readonly kind: 'close' };

export type FromApplication =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'advanced' }
  | { readonly kind: 'measured'; readonly sample: ProcessSample }
  /** A rejection or exception that nobody handled. */
  | { readonly kind: 'unhandled'; readonly text: string };

/** What a process holds, with its garbage collected. */
export interface ProcessSample {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open files and sockets; 0 where the system does not tell. */
  readonly descriptors: number;
  /** How many there are of each kind: timers, sockets, requests under way. */
  readonly resources: Readonly<Record<string, number>>;
  /** How long the event loop was held up since the last sample, at its worst. */
  readonly loopDelayMs: number;
}

/** A fault put in on purpose, to see that the soak finds it. */
export type Leak = 'memory' | 'handle' | 'rejection' | 'key';

/** What an application is started with: JSON in its only argument. */
export interface ApplicationSettings {
  readonly redisUrl: string;
  readonly providerUrl: string;
  readonly clockMs: number;
  readonly leak?: Leak | undefined;
}

export const NAMESPACE = 'soak';
export const WEBHOOK_SECRET = 'soak-webhook-secret-of-32-letters';
