import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { OtpProblem, OtpProblemCode } from 'nestjs-sms-otp';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { expectNoInternals } from './expect-no-internals.js';
import { callHttp, type HttpAnswer } from './http.js';
import type { OtpApp } from './otp-app.js';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface GraphqlAnswer {
  readonly http: HttpAnswer;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly GraphqlError[];
}

/** What a client sends beside its operation. */
export interface GraphqlCall {
  /** @default 'victim' */
  readonly account?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly variables?: Readonly<Record<string, unknown>>;
}

export class GraphqlClient {
  constructor(private readonly otp: { readonly url: string }) {}

  async run(query: string, { variables = {}, ...call }: GraphqlCall = {}): Promise<GraphqlAnswer> {
    const http = await this.post({ query, variables }, call);
    return { http, ...readResult(http.body) };
  }

  /** Several operations in one HTTP request. */
  async batch(queries: readonly string[], call: GraphqlCall = {}): Promise<Omit<GraphqlAnswer, 'http'>[]> {
    const { text } = await this.post(
      queries.map((query) => ({ query })),
      call,
    );
    const results: unknown = JSON.parse(text);
    if (!Array.isArray(results)) {
      throw new Error(`this is no answer to a batch: ${text}`);
    }
    return results.map(readResult);
  }

  get(query: string, { account = 'victim', headers = {} }: GraphqlCall = {}): Promise<HttpAnswer> {
    return callHttp(this.otp.url, {
      path: `/graphql?query=${encodeURIComponent(query)}`,
      // Apollo asks for it, so that no simple request of a page runs a query.
      headers: { 'X-Account': account, 'Apollo-Require-Preflight': 'true', ...headers },
    });
  }

  private post(body: unknown, call: GraphqlCall): Promise<HttpAnswer> {
    const account = 'account' in call ? call.account : 'victim';
    return callHttp(this.otp.url, {
      method: 'POST',
      path: '/graphql',
      headers: { ...(account === undefined ? {} : { 'X-Account': account }), ...call.headers },
      body,
    });
  }
}

function readResult(result: unknown): Omit<GraphqlAnswer, 'http'> {
  const { data = null, errors = [] } = { ...(result as Partial<GraphqlAnswer>) };
  return { data, errors };
}

/** The call was refused with this problem, and the client learns nothing else of the server. */
export function expectRefused({ data, errors }: Omit<GraphqlAnswer, 'http'>, code: OtpProblemCode): OtpProblem {
  expect(data).toBeNull();
  expect(errors).toHaveLength(1);
  return expectProblemOf(errors[0], code);
}

export function expectProblemOf(error: GraphqlError | undefined, code: OtpProblemCode): OtpProblem {
  const problem: unknown = error?.extensions?.['problem'];
  expect(error, JSON.stringify(error)).toEqual({
    message: expect.any(String),
    locations: expect.any(Array),
    path: expect.any(Array),
    extensions: { code, problem: expect.objectContaining({ code, title: error?.message, status: expect.any(Number) }) },
  });
  expectNoInternals(JSON.stringify(error));
  return problem as OtpProblem;
}

/** Headers that answer the challenge of a refusal. */
export function answering({ challenge }: OtpProblem, code: string): Record<string, string> {
  assert.ok(challenge !== undefined, 'a refusal without a challenge');
  return { 'OTP-Challenge': challenge.challengeId, 'OTP-Code': code };
}

/** The first answer to an operation of the protocol `graphql-transport-ws`. */
export async function runOverWebSocket(otp: OtpApp, query: string, call: GraphqlCall = {}): Promise<unknown> {
  const socket = new WebSocket(`${otp.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { 'X-Account': call.account ?? 'victim', ...call.headers },
  });
  const receive = async (): Promise<{ type?: unknown; payload?: unknown }> => {
    const [bytes] = await once(socket, 'message');
    return JSON.parse(String(bytes));
  };
  await once(socket, 'open');
  try {
    const acknowledged = receive();
    socket.send(JSON.stringify({ type: 'connection_init', payload: call.variables }));
    expect(await acknowledged).toMatchObject({ type: 'connection_ack' });
    const answered = receive();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    return await answered;
  } finally {
    socket.terminate();
  }
}
