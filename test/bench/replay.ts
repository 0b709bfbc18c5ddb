import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

type Argument = string | number | Buffer;

/** A script call as the store sent it, and what Redis answered. */
interface RecordedCall {
  readonly args: readonly Argument[];
  readonly reply: unknown;
}

const ID_BYTES = 16;
/** Where the replies of take.lua and reserve_attempt.lua tell when the number was charged. */
const [TAKEN_AT, RESERVED_AT] = [5, 2];

/**
 * What the store says to Redis for one issue and one right answer, overheard once and then said again by a plain client
 * with nothing of the library in between: the same scripts with arguments of the same sizes, for other numbers.
 */
export class Conversation {
  private constructor(
    private readonly client: Redis,
    private readonly calls: Readonly<
      Record<'take' | 'create' | 'delivery' | 'reserve' | 'consume', readonly Argument[]>
    >,
    private readonly original: {
      readonly key: string;
      readonly id: Buffer;
      readonly sendAt: string;
      readonly attemptAt: string;
    },
  ) {}

  static async overhear(client: Redis, cycle: () => Promise<void>): Promise<Conversation> {
    const recorded = await record(cycle);
    const byArgument = (text: string) => recorded.find(({ args }) => args.includes(text));
    const consume = byArgument('none');
    const delivery = byArgument('delivery');
    const [take, create, reserve] = recorded.filter((call) => call !== consume && call !== delivery);
    if (!take || !create || !reserve || !consume || !delivery) {
      throw new Error(
        `The store sent ${recorded.length} scripts for an issue and an answer, and not the five that were expected`,
      );
    }
    const id = reserve.args[4];
    const sendAt = listOf(take.reply)[TAKEN_AT];
    const attemptAt = listOf(listOf(reserve.reply)[RESERVED_AT])[0];
    if (!Buffer.isBuffer(id) || id.length !== ID_BYTES) {
      throw new Error('The answer does not name its challenge where it was expected');
    }
    const original = { key: String(take.args[2]), id, sendAt: String(sendAt), attemptAt: String(attemptAt) };
    const calls = {
      take: take.args,
      create: create.args,
      delivery: delivery.args,
      reserve: reserve.args,
      consume: consume.args,
    };
    return new Conversation(client, calls, original);
  }

  /** Take, create; and, unawaited as in the library, the delivery. */
  async issue(): Promise<{ readonly key: string; readonly id: Buffer; readonly sendAt: string }> {
    const id = randomBytes(ID_BYTES);
    const key = `${this.original.key.slice(0, -17)}${randomBytes(12).toString('base64url')}}`;
    const taken = await this.say('take', { key, id });
    const sendAt = String(listOf(taken)[TAKEN_AT]);
    await this.say('create', { key, id, sendAt });
    this.say('delivery', { key, id }).catch(() => undefined);
    return { key, id, sendAt };
  }

  async cycle(): Promise<void> {
    const issued = await this.issue();
    const reserved = await this.say('reserve', issued);
    const attemptAt = String(listOf(listOf(reserved)[RESERVED_AT])[0]);
    await this.say('consume', { ...issued, attemptAt });
  }

  private say(
    call: keyof Conversation['calls'],
    { key, id, sendAt, attemptAt }: { key: string; id: Buffer; sendAt?: string; attemptAt?: string },
  ): Promise<unknown> {
    const { original } = this;
    const args = this.calls[call].map((arg) => {
      if (Buffer.isBuffer(arg)) {
        return arg.length < ID_BYTES ? arg : Buffer.concat([id, arg.subarray(ID_BYTES)]);
      }
      if (arg === original.key) {
        return key;
      }
      // Only the amendments and the send of `create` name a time.
      if (sendAt !== undefined && String(arg) === original.sendAt) {
        return sendAt;
      }
      if (sendAt !== undefined && attemptAt !== undefined && String(arg).startsWith('[')) {
        return String(arg).replaceAll(original.sendAt, sendAt).replaceAll(original.attemptAt, attemptAt);
      }
      return arg;
    });
    return this.client.callBuffer('evalsha', ...args);
  }
}

/** Every script that any client of this process sends while `work` runs. */
async function record(work: () => Promise<void>): Promise<readonly RecordedCall[]> {
  const pending: Promise<RecordedCall>[] = [];
  const send = Redis.prototype.sendCommand;
  Redis.prototype.sendCommand = function (command, stream) {
    if (command.name === 'evalsha') {
      const args = command.args.map((arg) => (Buffer.isBuffer(arg) ? arg : String(arg)));
      pending.push(command.promise.then((reply: unknown) => ({ args, reply })));
    }
    return send.call(this, command, stream);
  };
  try {
    await work();
    return await Promise.all(pending);
  } finally {
    Redis.prototype.sendCommand = send;
  }
}

function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) {
    throw new Error('Redis answered a script with something that is not a list');
  }
  return reply;
}
