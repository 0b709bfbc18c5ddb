import type { ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../http-request.js';
import { faithfulJson } from './faithful-json.js';
import type { GuardedCall } from './guarded-call.js';
import { headerCredentials } from './http-call.js';

/** What a resolver's `info` tells (GraphQLResolveInfo of the package graphql). */
interface ResolveInfo {
  readonly fieldName: string;
  readonly parentType: { readonly name: string };
  readonly operation: { readonly operation: string };
}

/**
 * A field of a GraphQL query or mutation. One HTTP request may call the same field many times under aliases, so each field
 * is a call of its own: what one of them proved does not open the next.
 *
 * What comes over a WebSocket is not known here: an operation has no headers of its own there, and servers mix what the
 * client says into those of the handshake. Nor are references of a federation, which have no field.
 */
export function graphqlCall(context: ExecutionContext): GuardedCall | undefined {
  const [, args, carrier, info] = context.getArgs<unknown[]>();
  const request = requestOf(carrier);
  if (!isResolveInfo(info) || info.operation.operation === 'subscription' || request === undefined) {
    return undefined;
  }
  return {
    kind: 'graphql',
    request,
    identity: info,
    httpRequest: request,
    credentials: headerCredentials(request),
    safe: info.operation.operation !== 'mutation',
    action: {
      resolver: context.getClass().name,
      field: `${info.parentType.name}.${info.fieldName}`,
      arguments: faithfulJson(args ?? {}),
    },
  };
}

/** Where Apollo (`req`), Mercurius (`req`, `reply.request`) and contexts by hand (`request`) keep the HTTP request. */
function requestOf(carrier: unknown): HttpRequest | undefined {
  const candidates = [member(carrier, 'req'), member(carrier, 'request'), member(member(carrier, 'reply'), 'request')];
  const request = candidates.find(isHttpRequest);
  return request && !isHandshake(request) ? request : undefined;
}

/**
 * Of a WebSocket. Asked of the lines as they came as well: applications mix what a client says when it connects into the
 * headers of the handshake, or put it in their place.
 */
function isHandshake(request: HttpRequest): boolean {
  const lines = member(request.raw ?? request, 'rawHeaders');
  const upgrades = [request.headers.upgrade, ...(Array.isArray(lines) ? upgradesOf(lines) : [])];
  return upgrades.some((upgrade) => /websocket/i.test(String(upgrade)));
}

/** Names and values alternate in the list. */
function upgradesOf(lines: readonly unknown[]): unknown[] {
  return lines.filter((_value, at) => at % 2 === 1 && /^upgrade$/i.test(String(lines[at - 1])));
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function isHttpRequest(value: unknown): value is HttpRequest {
  return isObject(member(value, 'headers')) && typeof member(value, 'url') === 'string';
}

function isResolveInfo(info: unknown): info is ResolveInfo {
  return (
    typeof member(info, 'fieldName') === 'string' &&
    typeof member(member(info, 'parentType'), 'name') === 'string' &&
    typeof member(member(info, 'operation'), 'operation') === 'string'
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
