import type { IncomingHttpHeaders } from 'node:http';

/** What Express and Fastify requests have in common and this demo needs. */
export interface DemoRequest {
  readonly headers: IncomingHttpHeaders;
  /** `https` also when a trusted proxy says so. */
  readonly protocol: string;
  readonly url: string;
}
