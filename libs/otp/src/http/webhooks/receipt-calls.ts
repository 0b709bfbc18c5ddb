import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ReceiptRequest } from '../../delivery/receipts/receipt-reader.js';
import { bodyOf, type ReceiptBody } from './receipt-body.js';
import { ReceiptEndpoints } from './receipt-endpoints.js';

/** A call of a provider as it came, before anything of the application has seen it. */
export interface ReceiptCallAsItCame {
  readonly headers: ReceiptRequest['headers'];
  /** From the question mark on; empty without one. */
  readonly query: string;
  readonly body: ReceiptBody;
}

/** What is used of Fastify; told here, so that our types do not need its types. */
interface HookedServer {
  addHook(name: 'onRequest', hook: (request: { readonly raw: IncomingMessage }) => Promise<void>): unknown;
}

/** Of a request with a body. Without them a parser takes it for one that has none, and leaves it alone. */
const BODY_HEADERS = ['content-type', 'content-length', 'transfer-encoding', 'content-encoding', 'expect'];

/**
 * Takes the bodies of providers' calls off the wire before the application's body parsers, whatever these are set to:
 * signatures cover the bytes, which no parser gives back, and parsers would refuse media types that providers use. Nest
 * registers its parsers when the application is initialised; this comes first because the adapter is known before that.
 * Only addresses of receipts are touched, and nothing at all where no transport has any.
 */
@Injectable()
export class ReceiptCalls {
  private readonly calls = new WeakMap<IncomingMessage, ReceiptCallAsItCame>();

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly endpoints: ReceiptEndpoints,
  ) {
    if (!endpoints.isEmpty) {
      adapterHost.init$.subscribe(() => this.install(adapterHost.httpAdapter));
    }
  }

  /** `undefined` when the request did not come by the address of a transport's receipts, or without its token. */
  of(request: IncomingMessage): ReceiptCallAsItCame | undefined {
    return this.calls.get(request);
  }

  private install(adapter: HttpAdapterHost['httpAdapter']): void {
    const instance: unknown = adapter.getInstance();
    if (isHooked(instance)) {
      instance.addHook('onRequest', async ({ raw }) => this.take(raw));
      return;
    }
    adapter.use(async (request: IncomingMessage, _response: unknown, next: () => void) => {
      await this.take(request);
      next();
    });
  }

  /** Never rejects: what is wrong with a body is told by the controller, after it has looked who calls. */
  private async take(request: IncomingMessage): Promise<void> {
    const { url = '' } = request;
    const found = this.endpoints.at(url);
    if (found === undefined) {
      return;
    }
    const { endpoint, token } = found;
    const at = url.indexOf('?');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    // Nobody without the secret has anything of his kept.
    const body = endpoint.accepts(token) ? await bodyOf(request, { headers, endpoint }) : undefined;
    // A body that is left on the wire keeps its length: whoever passes on such a request would pass on two.
    for (const name of request.method === 'POST' ? BODY_HEADERS : []) {
      delete request.headers[name];
    }
    if (body !== undefined) {
      this.calls.set(request, { headers, query: at === -1 ? '' : url.slice(at), body });
    }
  }
}

function isHooked(instance: unknown): instance is HookedServer {
  return typeof instance === 'object' && instance !== null && 'addHook' in instance;
}
