import type { IncomingMessage } from 'node:http';
import type { ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../http-request.js';
import type { Credentials, GuardedCall } from './guarded-call.js';

/** The member of a message's payload that carries what HTTP carries in headers. */
const CREDENTIALS_MEMBER = 'otp';

const NONE: Credentials = { proof: undefined, challengeId: undefined, code: undefined };
const connections = new WeakMap<object, IncomingMessage>();
const taken = new WeakMap<object, Credentials>();

/**
 * Tells guards which HTTP request opened a connection of the package `ws`, which does not keep it: from it come the
 * client's address and the token of a trusted device. Without it the address is not known, and such clients share one
 * strict budget. Clients of Socket.IO keep theirs.
 *
 * @example
 * handleConnection(client: WebSocket, request: IncomingMessage) { rememberConnection(client, request); }
 */
export function rememberConnection(client: object, request: IncomingMessage): void {
  connections.set(client, request);
}

/** A message. Its payload must be an object to carry a code or a proof: `{ …, otp: { challengeId, code } }`. */
export function wsCall(context: ExecutionContext): GuardedCall {
  const host = context.switchToWs();
  const client = host.getClient<object>();
  const data: unknown = host.getData();
  return {
    kind: 'ws',
    request: client,
    identity: isObject(data) ? data : {},
    httpRequest: requestOf(client),
    credentials: isObject(data) ? takeCredentials(data) : NONE,
    safe: false,
    action: { gateway: context.getClass().name, namespace: namespaceOf(client), event: host.getPattern() },
  };
}

/** Taken out of the payload, so that neither a handler nor its log meets the code; kept for a second guard of the call. */
function takeCredentials(data: object): Credentials {
  const known = taken.get(data);
  if (known !== undefined) {
    return known;
  }
  const given: unknown = Object.hasOwn(data, CREDENTIALS_MEMBER) ? Reflect.get(data, CREDENTIALS_MEMBER) : undefined;
  Reflect.deleteProperty(data, CREDENTIALS_MEMBER);
  const credentials = isObject(given)
    ? { proof: text(given, 'proof'), challengeId: text(given, 'challengeId'), code: text(given, 'code') }
    : NONE;
  taken.set(data, credentials);
  return credentials;
}

/** Socket.IO keeps the request of the handshake as `request`. */
function requestOf(client: object): HttpRequest | undefined {
  const request: unknown = connections.get(client) ?? Reflect.get(client, 'request');
  return isHttpRequest(request) ? request : undefined;
}

/** Of Socket.IO, where it may be a pattern of which each match is a place of its own. */
function namespaceOf(client: object): string | undefined {
  const namespace: unknown = Reflect.get(client, 'nsp');
  return isObject(namespace) ? text(namespace, 'name') : undefined;
}

function isHttpRequest(value: unknown): value is HttpRequest {
  return isObject(value) && 'headers' in value && 'url' in value && 'socket' in value;
}

function text(value: object, name: string): string | undefined {
  const member: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return typeof member === 'string' ? member : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
