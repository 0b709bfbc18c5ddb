import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { BenchOtp } from './bench-otp.js';
import { leavesOf, type OverheardCall, overhear } from './overhear.js';

const ID_BYTES = 16;
/** A time in milliseconds, as scripts answer it and are told it later. */
const TIME = /^\d{13}$/;

/** What differs from one number to the next. */
interface Turn {
  readonly key: string;
  readonly id: Buffer;
  /** What the scripts have answered so far, by what they answered when they were overheard. */
  readonly times: Map<string, string>;
}

type Argument = (turn: Turn) => string | Buffer;

interface Call {
  readonly args: readonly Argument[];
  /** Where in the reply times stand that later calls repeat, and which they were. */
  readonly times: readonly { readonly at: number; readonly was: string }[];
  readonly isAwaited: boolean;
}

/**
 * What the store says to Redis for one issue and one right answer, overheard once and then said again by a plain client
 * with nothing of the library in between: the same scripts with arguments of the same sizes, for other numbers.
 */
export class Conversation {
  private constructor(
    private readonly client: Redis,
    private readonly key: string,
    private readonly issuing: readonly Call[],
    private readonly answering: readonly Call[],
  ) {}

  /** @throws Error when the store says something else than was expected */
  static async overhear(client: Redis, otp: Pick<BenchOtp, 'issue' | 'rightAnswer'>): Promise<Conversation> {
    const issued = await overhear(() => otp.issue());
    // In another millisecond: the times of sending and answering are not taken for each other.
    const answered = await overhear(() => otp.rightAnswer(issued.result));
    const all = [...issued.calls, ...answered.calls];
    const key = issued.calls[0]?.args[2];
    const id = all.flatMap(({ args }) => args).find((arg) => Buffer.isBuffer(arg) && arg.length === ID_BYTES);
    if (typeof key !== 'string' || !Buffer.isBuffer(id) || answered.calls.length === 0) {
      throw new Error(
        `The store sent ${all.length} scripts for an issue and an answer, and not those that were expected`,
      );
    }
    const told = new Set(all.flatMap(({ reply }) => leavesOf(reply)).filter((leaf) => TIME.test(leaf)));
    const callOf = (call: OverheardCall) => compile(call, { key, id, told });
    return new Conversation(client, key, issued.calls.map(callOf), answered.calls.map(callOf));
  }

  async issue(): Promise<Turn> {
    const key = `${this.key.slice(0, this.key.indexOf('{') + 1)}n${randomBytes(12).toString('base64url')}}`;
    const turn: Turn = { key, id: randomBytes(ID_BYTES), times: new Map() };
    await this.say(this.issuing, turn);
    return turn;
  }

  async cycle(): Promise<void> {
    await this.say(this.answering, await this.issue());
  }

  private async say(calls: readonly Call[], turn: Turn): Promise<void> {
    for (const { args, times, isAwaited } of calls) {
      const said = this.client.callBuffer('evalsha', ...args.map((arg) => arg(turn)));
      if (!isAwaited) {
        said.catch(() => undefined);
      } else if (times.length === 0) {
        await said;
      } else {
        const leaves = leavesOf(await said);
        times.forEach(({ at, was }) => turn.times.set(was, leaves[at] ?? ''));
      }
    }
  }
}

function compile(
  { args, reply, isAwaited }: OverheardCall,
  original: { readonly key: string; readonly id: Buffer; readonly told: ReadonlySet<string> },
): Call {
  const times = leavesOf(reply).flatMap((was, at) => (original.told.has(was) ? [{ at, was }] : []));
  return { args: args.map((arg) => compileArgument(arg, original)), times, isAwaited };
}

function compileArgument(
  arg: string | Buffer,
  { key, id, told }: { readonly key: string; readonly id: Buffer; readonly told: ReadonlySet<string> },
): Argument {
  if (Buffer.isBuffer(arg)) {
    const rest = arg.subarray(ID_BYTES);
    return arg.subarray(0, ID_BYTES).equals(id) ? (turn) => Buffer.concat([turn.id, rest]) : () => arg;
  }
  if (arg.startsWith(key)) {
    const rest = arg.slice(key.length);
    return (turn) => turn.key + rest;
  }
  // Every other part is a time that a script has told.
  const parts = arg.split(/(\d{13})/).map((text) => (told.has(text) ? { was: text } : text));
  if (parts.every((part) => typeof part === 'string')) {
    return () => arg;
  }
  return ({ times }) =>
    parts.map((part) => (typeof part === 'string' ? part : (times.get(part.was) ?? part.was))).join('');
}
