import type { ExecutionContext } from '@nestjs/common';
import { HOST_METADATA, VERSION_METADATA } from '@nestjs/common/constants.js';
import { header, type HttpRequest } from '../http-request.js';
import type { Credentials, GuardedCall } from './guarded-call.js';

/** Members that Express's and Fastify's requests have beyond `HttpRequest`. */
interface RoutedRequest extends HttpRequest {
  readonly method: string;
  readonly params?: unknown;
  /** Nest: the parameters of a controller's `host`. */
  readonly hosts?: unknown;
  readonly hostname?: string;
  /** Express: where the router is mounted, and the route within it. */
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
  /** Fastify. */
  readonly routeOptions?: { readonly url?: string };
}

export function httpCall(context: ExecutionContext): GuardedCall {
  const request = context.switchToHttp().getRequest<RoutedRequest>();
  const { method, params } = request;
  return {
    kind: 'http',
    request,
    identity: request,
    httpRequest: request,
    credentials: headerCredentials(request),
    safe: isSafe(method),
    action: {
      method,
      route: routeOf(request) ?? handlerOf(context),
      params: params ?? {},
      ...chosenBy(context, request),
    },
  };
}

export function headerCredentials(request: HttpRequest): Credentials {
  return {
    proof: header(request, 'otp-proof'),
    challengeId: header(request, 'otp-challenge'),
    code: header(request, 'otp-code'),
  };
}

export function isSafe(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method);
}

/** The template and not the path: its parameters are bound one by one, so each has one spelling. */
function routeOf({ baseUrl, route, routeOptions }: RoutedRequest): string | undefined {
  return routeOptions?.url ?? (typeof route?.path === 'string' ? `${baseUrl ?? ''}${route.path}` : undefined);
}

/** What else tells handlers of one route apart: a version that is not in the path, and the host. */
function chosenBy(context: ExecutionContext, { hosts, hostname }: RoutedRequest): Record<string, unknown> {
  const [handler, target] = [context.getHandler(), context.getClass()];
  const version: unknown =
    Reflect.getMetadata(VERSION_METADATA, handler) ?? Reflect.getMetadata(VERSION_METADATA, target);
  const host: unknown = Reflect.getMetadata(HOST_METADATA, target);
  // A pattern names no parameters, so of it the whole name counts.
  const isPattern = [host].flat().some((entry) => entry instanceof RegExp);
  return {
    ...(version === undefined ? {} : { version: texts(version) }),
    ...(host === undefined ? {} : { host: texts(host), hosts: hosts ?? {} }),
    ...(isPattern ? { hostname: hostname?.toLowerCase() ?? '' } : {}),
  };
}

/** Versions may be symbols, and hosts patterns. */
function texts(given: unknown): string[] {
  return [given].flat().map(String);
}

/** For routes that are no text, such as patterns. */
function handlerOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`;
}
