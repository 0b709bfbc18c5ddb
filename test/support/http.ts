import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import { countRequest } from './attack-record.js';
import type { OtpApp } from './otp-app.js';

export const NUMBER = '+31612345678';
export const OTHER_NUMBER = '+31687654321';

export interface HttpCall {
  /** @default 'GET' */
  readonly method?: string;
  /** Sent as it is: nothing is normalised on the way. */
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  /** A string or bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
  /** Without a Content-Length. */
  readonly chunked?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The answer's JSON object; empty where there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request over a connection of its own, with no client library to mend or refuse it. */
export async function callHttp(
  baseUrl: string,
  { method = 'GET', path, headers = {}, body, chunked }: HttpCall,
): Promise<HttpAnswer> {
  countRequest();
  const { hostname, port } = new URL(baseUrl);
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = body === undefined ? undefined : isRaw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const request = httpRequest({
    hostname,
    port,
    method,
    path,
    agent: false,
    headers: {
      ...(bytes === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(bytes === undefined || chunked === true ? {} : { 'Content-Length': bytes.length }),
      ...(chunked === true ? { 'Transfer-Encoding': 'chunked' } : {}),
      ...headers,
    },
  });
  // A server that refuses a body need not read it to its end.
  const broken = new Promise<never>((_resolve, reject) => request.once('error', reject));
  request.end(bytes);
  const answered = once(request, 'response').then(async ([response]) => {
    request.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    return { status: response.statusCode, headers: response.headers, text, body: readObject(text) };
  });
  return Promise.race([answered, broken]);
}

function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export interface Started {
  readonly challengeId: string;
  readonly code: string;
}

/** The built-in routes, as a client calls them. */
export class OtpHttpClient {
  constructor(
    private readonly otp: OtpApp,
    private readonly headers: OutgoingHttpHeaders = {},
  ) {}

  call({ headers = {}, ...call }: HttpCall): Promise<HttpAnswer> {
    return callHttp(this.otp.url, { ...call, headers: { ...this.headers, ...headers } });
  }

  create(body: unknown = { phoneNumber: NUMBER }): Promise<HttpAnswer> {
    return this.call({ method: 'POST', path: '/otp/challenges', body });
  }

  resend(challengeId: string, body?: unknown): Promise<HttpAnswer> {
    return this.call({ method: 'POST', path: `/otp/challenges/${challengeId}/resend`, body });
  }

  verify(challengeId: string, code: unknown): Promise<HttpAnswer> {
    return this.call({ method: 'POST', path: `/otp/challenges/${challengeId}/verify`, body: { code } });
  }

  status(challengeId: string): Promise<HttpAnswer> {
    return this.call({ path: `/otp/challenges/${challengeId}` });
  }

  cancel(challengeId: string): Promise<HttpAnswer> {
    return this.call({ method: 'DELETE', path: `/otp/challenges/${challengeId}` });
  }

  /** A live challenge and the code of its message. */
  async start(phoneNumber: string = NUMBER, purpose?: string): Promise<Started> {
    const answer = await this.create(purpose === undefined ? { phoneNumber } : { phoneNumber, purpose });
    return { challengeId: textMember(answer, 'challengeId'), code: this.otp.codeTo(phoneNumber) };
  }

  /** A proof that the client has read a message to the number. */
  async prove(phoneNumber: string = NUMBER, purpose?: string): Promise<string> {
    const { challengeId, code } = await this.start(phoneNumber, purpose);
    return textMember(await this.verify(challengeId, code), 'proof');
  }
}

/** @throws AssertionError with the whole answer when the member is not there. */
export function textMember({ status, text, body }: HttpAnswer, name: string): string {
  const value = body[name];
  assert.ok(typeof value === 'string', `an answer without ${name}: ${status} ${text}`);
  return value;
}

/** The same texts with a short name each, for the titles of tests. */
export function named(texts: readonly string[]): (readonly [name: string, text: string])[] {
  return texts.map((text) => [
    JSON.stringify(text.length > 30 ? `${text.slice(0, 10)}… (${text.length})` : text),
    text,
  ]);
}

/** A code of the same length that is not this one. */
export function wrongCode(code: string): string {
  return code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
}
