import type { HashingName } from '../otp-settings.js';

export type AdapterName = 'Express' | 'Fastify';

export type StorePlace =
  | { readonly kind: 'memory' }
  | { readonly kind: 'Redis'; readonly url: string }
  | { readonly kind: 'Cluster'; readonly ports: readonly number[] };

/** What answers in a server process. */
export type ServerOptions =
  | {
      readonly kind: 'module';
      readonly adapter: AdapterName;
      readonly store: StorePlace;
      readonly hashing: HashingName;
    }
  | { readonly kind: 'echo'; readonly adapter: AdapterName }
  | { readonly kind: 'better-auth'; readonly redisUrl?: string }
  | { readonly kind: 'by hand'; readonly redisUrl: string };

export interface MeasuredServer {
  readonly port: number;
  close(): Promise<void>;
}
