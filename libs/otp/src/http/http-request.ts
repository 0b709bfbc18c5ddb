import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { OtpException } from './otp.exception.js';

/** What Express's and Fastify's requests have in common. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
  /** Node's own request inside Fastify's; Express's is Node's own. */
  readonly raw?: IncomingMessage;
}

/** Node's own request. */
export function rawRequest(request: HttpRequest): IncomingMessage {
  const raw = request.raw ?? request;
  if (!isIncomingMessage(raw)) {
    throw new TypeError('This is no request of Express or Fastify');
  }
  return raw;
}

function isIncomingMessage(request: HttpRequest | IncomingMessage): request is IncomingMessage {
  return 'socket' in request;
}

export function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? undefined : value;
}

/** The language that the client would rather read: the first of its list (RFC 9110 §12.5.4), which is not weighed any further. */
export function acceptedLanguage(request: HttpRequest): string | undefined {
  return header(request, 'accept-language')?.split(/[,;]/)[0]?.trim();
}

/** Requests under way on each socket; one listener a socket, for pipelined requests share one. */
const underWay = new WeakMap<Socket, Set<AbortController>>();

function controllersOf(socket: Socket): Set<AbortController> {
  const known = underWay.get(socket);
  if (known !== undefined) {
    return known;
  }
  const controllers = new Set<AbortController>();
  underWay.set(socket, controllers);
  socket.once('close', () => controllers.forEach((controller) => controller.abort()));
  return controllers;
}

/** Runs `work` with a signal that aborts when the client hangs up before the answer. */
export async function untilHangUp<T>(request: HttpRequest, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controllers = controllersOf(rawRequest(request).socket);
  const controller = new AbortController();
  controllers.add(controller);
  try {
    return await work(controller.signal);
  } catch (error) {
    // Nobody reads this answer; it only keeps a request that left the queue from being logged as a fault.
    throw controller.signal.aborted ? new OtpException('busy') : error;
  } finally {
    controllers.delete(controller);
  }
}
