import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly url: URL;
  readonly options: object;
  /** Of Node, e.g. `--expose-gc`. */
  readonly flags?: readonly string[];
}

/** A program in a process of its own, so that neither its event loop nor its memory is shared; it answers one question at a time. */
export class Program<Hello, Question extends object, Answer> {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<unknown>,
    readonly hello: Hello,
  ) {}

  /** @throws Error when it ends before it says hello */
  static async start<Hello, Question extends object, Answer>({
    url,
    options,
    flags = [],
  }: ProgramOptions): Promise<Program<Hello, Question, Answer>> {
    const child = fork(url, [JSON.stringify(options)], { execArgv: [...process.execArgv, ...flags] });
    const ended = once(child, 'exit');
    return new Program<Hello, Question, Answer>(child, ended, await nextMessage<Hello>(child, ended));
  }

  /** @throws Error when the program fails */
  async ask(question: Question): Promise<Answer> {
    const answer = nextMessage<Answer>(this.child, this.ended);
    this.child.send(question);
    return answer;
  }

  async close(): Promise<void> {
    this.child.disconnect();
    await this.ended;
  }
}

/** The other side of `Program`. What `answer` throws ends the process, which its parent notices. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the parent asks
export function serveParent<Question extends object, Answer>({
  hello,
  answer,
  close,
}: {
  readonly hello: object;
  readonly answer: (question: Question) => Promise<Answer>;
  readonly close: () => Promise<unknown>;
}): void {
  process.on('message', (question: Question) => {
    void answer(question).then((answered) => process.send?.(answered));
  });
  process.once('disconnect', () => void close());
  if (process.connected) {
    process.send?.(hello);
  } else {
    // The parent has ended while this one started.
    void close();
  }
}

async function nextMessage<T>(child: ChildProcess, ended: Promise<unknown>): Promise<T> {
  const failed = ended.then(() => {
    throw new Error('The program has ended');
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return message;
}
