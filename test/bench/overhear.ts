import { Redis } from 'ioredis';

/** What is left for later has been sent by then. */
const BACKGROUND_MS = 20;

/** A script call as a store sent it, and what Redis answered. */
export interface OverheardCall {
  readonly args: readonly (string | Buffer)[];
  readonly reply: unknown;
  /** Whether its answer came before the work was done; otherwise nobody waits for it. */
  readonly isAwaited: boolean;
}

/** Every script that any client of this process sends for `work`, in the background too. */
export async function overhear<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly calls: readonly OverheardCall[] }> {
  const pending: Promise<OverheardCall>[] = [];
  let isDone = false;
  const send = Redis.prototype.sendCommand;
  Redis.prototype.sendCommand = function (command, stream) {
    if (command.name === 'evalsha') {
      const args = command.args.map((arg) => (Buffer.isBuffer(arg) ? arg : String(arg)));
      pending.push(command.promise.then((reply: unknown) => ({ args, reply, isAwaited: !isDone })));
    }
    return send.call(this, command, stream);
  };
  try {
    const result = await work();
    isDone = true;
    await new Promise((resolve) => setTimeout(resolve, BACKGROUND_MS));
    return { result, calls: await Promise.all(pending) };
  } finally {
    Redis.prototype.sendCommand = send;
  }
}

/** The texts and numbers in a reply, in their order. */
export function leavesOf(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.flatMap(leavesOf) : [String(reply)];
}
