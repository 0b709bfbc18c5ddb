import { ServerResponse } from 'node:http';
import type { ReceiptAnswer } from '../../delivery/receipts/receipt-reader.js';

/** What is used of Fastify's reply. */
interface FastifyReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(body?: Buffer): unknown;
}

/**
 * Answers exactly what a provider takes for "received". Not through Nest's adapters: Express adds a charset to the media
 * type of a text, and an interceptor of the application may wrap what a handler returns.
 */
export function answerProvider(response: unknown, { status, contentType, body }: ReceiptAnswer): void {
  const bytes = body === undefined ? undefined : Buffer.from(body, 'utf8');
  if (response instanceof ServerResponse) {
    response.statusCode = status;
    if (contentType !== undefined) {
      response.setHeader('content-type', contentType);
    }
    response.end(bytes);
    return;
  }
  if (!isFastifyReply(response)) {
    throw new TypeError('This is no response of Express or Fastify');
  }
  response.code(status);
  if (contentType !== undefined) {
    response.header('content-type', contentType);
  }
  response.send(bytes);
}

function isFastifyReply(response: unknown): response is FastifyReply {
  return (
    typeof response === 'object' &&
    response !== null &&
    ['code', 'header', 'send'].every((method) => typeof Reflect.get(response, method) === 'function')
  );
}
