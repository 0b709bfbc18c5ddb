import { inspect } from 'node:util';
import { PROBLEM_STATUS } from '../../libs/otp/src/http/problem.js';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';
import { PROVIDER_SECRET } from './providers.js';
import type { WireAnswer } from './wire/read-answer.js';

/** Never anywhere, whoever asks. */
const SECRETS = [TEST_SECRET, TEST_INDEX_SECRET, PROVIDER_SECRET];
/** What only a program's inside knows. */
const INSIDE =
  /node_modules|\bat \S+ \(|\bat file:|file:\/\/|\/(?:libs|src|dist)\/|\.ts:\d|\.js:\d|\bTypeError|\bRangeError|zod/;
/** Nest on Fastify logs it when a client hangs up in the middle of a body, whatever the route. */
const HUNG_UP = /^\[\s*Error: aborted\b.*code: 'ECONNRESET'/s;
const NO_STORE = /^cache-control: no-store$/im;
/** Random texts of an answer, which may spell anything. */
const RANDOM = /"(?:challengeId|proof|kid|x)":"[^"]*"|^etag: .*$/gim;
/** What is left of a number when its country and its first digit are known. */
const TELLING_DIGITS = 8;

/** Looks at all that comes out of an application, and keeps what should not have come. */
export class Watch {
  private readonly found: string[] = [];
  private readonly numbers = new Set<string>();
  private readonly codes = new Set<string>();

  constructor() {
    process.on('unhandledRejection', this.onUnhandled);
  }

  /** What was sent must not be seen anywhere else. */
  readonly transport: RecordingTransport = new (class extends RecordingTransport {
    constructor(private readonly watch: Watch) {
      super({ limit: 1_000 });
    }

    override send(...[message, options]: Parameters<RecordingTransport['send']>) {
      this.watch.learn(message.to, message.code);
      return super.send(message, options);
    }
  })(this);

  learn(number: string, code: string): void {
    this.numbers.add(number.slice(-TELLING_DIGITS));
    this.codes.add(code);
  }

  /** Numbers and codes of what is over. */
  forget(): void {
    this.numbers.clear();
    this.codes.clear();
  }

  /** Logs, events, records: whatever is not for a client. */
  see(place: string, what: unknown): void {
    const text = typeof what === 'string' ? what : inspect(what, { depth: 8, breakLength: Number.POSITIVE_INFINITY });
    this.search(place, text, [...SECRETS, ...this.numbers, ...this.codes]);
    if (place === 'log error' && !HUNG_UP.test(text)) {
      this.fail(`an error was logged: ${text}`);
    }
  }

  /** `request`: what was asked; what it says itself may be repeated. `mayWait`: its 503 is a provider's or a store's. */
  answered(answer: WireAnswer, { request, mayWait }: { readonly request: Buffer; readonly mayWait: boolean }): void {
    const { status, head, text } = answer;
    const problem = problemOf(answer);
    const isDocumented = status === 503 && mayWait && problem?.code === 'busy';
    if (status >= 500 && !isDocumented) {
      this.fail(`status ${status}: ${text.slice(0, 300)}`);
    }
    if (problem !== undefined) {
      this.checkProblem(answer, problem);
    }
    const told = `${head}\n${text}`.replaceAll(RANDOM, '');
    const asked = request.toString('latin1');
    const isProof = status === 200 && text.includes('"proof"');
    const numbers = isProof ? [] : [...this.numbers].filter((digits) => !asked.includes(digits));
    this.search('answer', told, [...SECRETS, ...numbers, ...[...this.codes].filter((code) => !asked.includes(code))]);
    const inside = INSIDE.exec(told)?.[0];
    if (inside !== undefined && !asked.includes(inside)) {
      this.fail(`an answer tells of what is inside: ${told.slice(0, 300)}`);
    }
  }

  /** What the module itself answers is in no cache (K2); errors of the router are not the module's. */
  keptByNobody({ status, head }: WireAnswer): void {
    if (status < 300 && !NO_STORE.test(head)) {
      this.fail(`an answer that a cache may keep: ${status} ${head}`);
    }
  }

  fail(finding: string): void {
    this.found.push(finding);
  }

  /** @throws Error with all that was found since the last time. */
  check(): void {
    if ('polluted' in {} || Object.keys(Object.prototype).length > 0) {
      this.fail('the prototype of all objects was changed');
    }
    if (this.found.length > 0) {
      throw new Error(this.found.splice(0).join('\n'));
    }
  }

  close(): void {
    process.off('unhandledRejection', this.onUnhandled);
  }

  private readonly onUnhandled = (reason: unknown): void => {
    this.fail(`an unhandled rejection: ${inspect(reason)}`);
  };

  private checkProblem({ status, head, text }: WireAnswer, { code }: Problem): void {
    const expected = Object.entries(PROBLEM_STATUS).find(([name]) => name === code)?.[1];
    if (expected !== status || !NO_STORE.test(head)) {
      this.fail(`no problem as it is documented: ${status} ${text.slice(0, 300)}`);
    }
  }

  private search(place: string, text: string, forbidden: readonly string[]): void {
    const leaked = forbidden.find((one) => text.includes(one));
    if (leaked !== undefined) {
      this.fail(`${place} tells ${leaked}: ${text.slice(0, 300)}`);
    }
  }
}

interface Problem {
  readonly code: unknown;
}

function problemOf({ head, text }: WireAnswer): Problem | undefined {
  if (!/^content-type: application\/problem\+json/im.test(head) || text === '') {
    return undefined;
  }
  const body: unknown = JSON.parse(text);
  return typeof body === 'object' && body !== null && 'code' in body ? body : { code: undefined };
}
