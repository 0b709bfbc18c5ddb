import type { ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../http-request.js';
import { graphqlCall } from './graphql-call.js';
import { httpCall } from './http-call.js';
import { wsCall } from './ws-call.js';

/** What a client sends beside its request. */
export interface Credentials {
  readonly proof: string | undefined;
  readonly challengeId: string | undefined;
  readonly code: string | undefined;
}

/** One call of a guarded handler, whatever carried it. */
export interface GuardedCall {
  readonly kind: 'http' | 'graphql' | 'ws';
  /** What the functions of an application get: the HTTP request, or the client of a WebSocket. */
  readonly request: object;
  /** New for every call, and the same for all guards and decorators of one: what a guard found is kept under it. */
  readonly identity: object;
  /** The HTTP request that carries the call, or that opened its connection; `undefined` when it is not known. */
  readonly httpRequest: HttpRequest | undefined;
  readonly credentials: Credentials;
  /** Whether it only reads (RFC 9110 §9.2.1): no message is sent for such a call unless asked. */
  readonly safe: boolean;
  /** What is called; JSON. */
  readonly action: unknown;
}

/** `undefined` for every kind of context that is not known here: such calls are denied. */
export function readCall(context: ExecutionContext): GuardedCall | undefined {
  switch (context.getType<string>()) {
    case 'http':
      return httpCall(context);
    case 'graphql':
      return graphqlCall(context);
    case 'ws':
      return wsCall(context);
    default:
      return undefined;
  }
}
