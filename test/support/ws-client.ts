import type { OtpProblem, OtpProblemCode } from 'nestjs-sms-otp';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { io } from 'socket.io-client';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { expectNoInternals } from './expect-no-internals.js';

export interface ConnectOptions {
  /** @default 'victim' */
  readonly account?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Address of this machine to connect from. */
  readonly localAddress?: string;
  /** Where a second gateway stands. @default '' */
  readonly place?: string;
  /** Socket.IO: requests instead of a WebSocket. */
  readonly polling?: boolean;
}

export interface WsMessage {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface WsClient {
  /** Sends and waits for the next message from the server. */
  call(event: string, data?: unknown): Promise<WsMessage>;
  send(event: string, ...data: readonly unknown[]): void;
  next(): Promise<WsMessage>;
  close(): void;
}

/** Messages in the order in which they came, for whoever asks. */
class Inbox {
  private readonly messages: WsMessage[] = [];
  private readonly waiting: ((message: WsMessage) => void)[] = [];

  receive(message: WsMessage): void {
    const next = this.waiting.shift();
    if (next === undefined) {
      this.messages.push(message);
    } else {
      next(message);
    }
  }

  next(): Promise<WsMessage> {
    const message = this.messages.shift();
    return message === undefined ? new Promise((resolve) => this.waiting.push(resolve)) : Promise.resolve(message);
  }
}

function headersOf(options: ConnectOptions): Record<string, string> {
  const account = 'account' in options ? options.account : 'victim';
  return { ...(account === undefined ? {} : { 'X-Account': account }), ...options.headers };
}

function clientOf(inbox: Inbox, send: WsClient['send'], close: WsClient['close']): WsClient {
  return {
    send,
    close,
    next: () => inbox.next(),
    call: (event, ...data) => {
      send(event, ...data);
      return inbox.next();
    },
  };
}

export async function connectSocketIo(url: string, options: ConnectOptions): Promise<WsClient> {
  const { localAddress, place = '', polling = false } = options;
  const inbox = new Inbox();
  const socket = io(`${url}${place}`, {
    forceNew: true,
    reconnection: false,
    transports: [polling ? 'polling' : 'websocket'],
    extraHeaders: headersOf(options),
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  socket.onAny((event, data) => inbox.receive({ event, data }));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return clientOf(
    inbox,
    (event, ...data) => void socket.emit(event, ...data),
    () => void socket.disconnect(),
  );
}

export async function connectWs(url: string, options: ConnectOptions): Promise<WsClient> {
  const { localAddress, place = '/' } = options;
  const inbox = new Inbox();
  const socket = new WebSocket(`${url.replace('http', 'ws')}${place}`, {
    headers: headersOf(options),
    ...(localAddress === undefined ? {} : { localAddress }),
  });
  socket.on('message', (bytes: Buffer) => inbox.receive(JSON.parse(bytes.toString('utf8'))));
  await once(socket, 'open');
  return clientOf(
    inbox,
    (event, data) => socket.send(typeof data === 'string' && event === '' ? data : JSON.stringify({ event, data })),
    () => socket.terminate(),
  );
}

/** The message was refused with this problem, and the client learns nothing else of the server. */
export function expectRefusal(message: WsMessage, code: OtpProblemCode): OtpProblem {
  expect(message, JSON.stringify(message)).toEqual({
    event: 'exception',
    data: expect.objectContaining({ type: `urn:problem-type:otp:${code}`, code, title: expect.any(String) }),
  });
  // What Nest's own exceptions carry.
  expect(message.data).not.toHaveProperty('cause');
  expect(message.data).not.toHaveProperty('pattern');
  expectNoInternals(JSON.stringify(message.data));
  return message.data as unknown as OtpProblem;
}

/** The member of a payload that answers the challenge of a refusal. */
export function answerTo({ challenge }: OtpProblem, code: string): { otp: { challengeId: string; code: string } } {
  assert.ok(challenge !== undefined, 'a refusal without a challenge');
  return { otp: { challengeId: challenge.challengeId, code } };
}
