import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Door } from '../door.js';
import type { Answered, Ledger, Operation } from '../ledger.js';
import { answerSchema, type Request, type StartOptions, witnessSchema } from './messages.js';
import type { Mark } from './steps.js';

export interface InstanceOptions extends StartOptions {
  /** The bundled application. */
  readonly program: string;
  readonly ledger: Ledger;
}

const NO_ANSWER: Answered = { outcome: 'no_answer' };

/** An application in a process of its own. When it dies, it is started anew; who asks meanwhile waits. */
export class Instance implements Door {
  /** Names of all that it asked of its ports, oldest first. */
  readonly steps: string[] = [];
  deaths = 0;
  private readonly ends = new EventEmitter();
  private readonly asked = new Map<number, (answered: Answered) => void>();
  private readonly file: number;
  private ready: Promise<ChildProcess>;
  private ids = 0;
  private bytesRead = 0;
  private isClosed = false;

  constructor(private readonly options: InstanceOptions) {
    this.file = openSync(options.file, 'a+');
    this.ready = this.start();
  }

  issue(...args: Parameters<Door['issue']>): Promise<Answered> {
    return this.ask('issue', args);
  }

  resend(...args: Parameters<Door['resend']>): Promise<Answered> {
    return this.ask('resend', args);
  }

  verify(...args: Parameters<Door['verify']>): Promise<Answered> {
    return this.ask('verify', args);
  }

  cancel(...args: Parameters<Door['cancel']>): Promise<Answered> {
    return this.ask('cancel', args);
  }

  async dieAt({ step, when }: Mark): Promise<void> {
    this.send(await this.ready, { kind: 'die', step, when });
  }

  /** Resolves when it has died so often. What is done in the background may be what kills it, after the answer. */
  async untilDead(deaths: number): Promise<void> {
    while (this.deaths < deaths) {
      await once(this.ends, 'end');
    }
  }

  /** Resolves when it runs (again). */
  async untilReady(): Promise<void> {
    await this.ready;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const child = await this.ready;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    closeSync(this.file);
  }

  private async ask(operation: Operation, args: readonly string[]): Promise<Answered> {
    const child = await this.ready;
    const id = (this.ids += 1);
    const answered = new Promise<Answered>((resolve) => this.asked.set(id, resolve));
    this.send(child, { kind: 'ask', id, operation, args: [...args] });
    return answered;
  }

  private send(child: ChildProcess, request: Request): void {
    // One that has just died is told by its end.
    child.send(request, () => undefined);
  }

  private async start(): Promise<ChildProcess> {
    const { program, ledger: _, ...options } = this.options;
    const child = fork(program, [JSON.stringify(options satisfies StartOptions)], { execArgv: [] });
    child.on('message', (message) => this.take(message));
    child.once('exit', () => this.died());
    const [first] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
    if (first !== 'ready') {
      throw new Error(`the application did not start: ${String(first)}`);
    }
    return child;
  }

  private take(message: unknown): void {
    this.readWitnesses();
    const answer = answerSchema.safeParse(message);
    if (answer.success) {
      const { id, answered } = answer.data;
      const { outcome, challengeId, expiresAt, attemptsRemaining, detail } = answered;
      this.settle(id, {
        outcome,
        ...(challengeId === undefined ? {} : { challengeId }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(attemptsRemaining === undefined ? {} : { attemptsRemaining }),
        ...(detail === undefined ? {} : { detail }),
      });
    }
  }

  private settle(id: number, answered: Answered): void {
    const resolve = this.asked.get(id);
    this.asked.delete(id);
    resolve?.(answered);
  }

  private died(): void {
    this.readWitnesses();
    this.deaths += 1;
    if (!this.isClosed) {
      this.ready = this.start();
      this.ready.catch(() => undefined);
    }
    [...this.asked.keys()].forEach((id) => this.settle(id, NO_ANSWER));
    this.ends.emit('end');
  }

  /** What the process wrote since the last look; it writes whole lines. */
  private readWitnesses(): void {
    const bytes = Buffer.alloc(fstatSync(this.file).size - this.bytesRead);
    readSync(this.file, bytes, 0, bytes.length, this.bytesRead);
    const lines = bytes
      .toString('utf8', 0, bytes.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(0, -1);
    this.bytesRead += bytes.lastIndexOf('\n') + 1;
    const { ledger } = this.options;
    for (const line of lines) {
      const told = witnessSchema.parse(JSON.parse(line));
      switch (told.kind) {
        case 'sent':
          ledger.tellSent(told.number, told.code);
          break;
        case 'made':
          ledger.tellMade(told.hash, told.challenge);
          break;
        case 'compared':
          ledger.tellCompared(told.hash);
          break;
        case 'step':
          this.steps.push(told.name);
      }
    }
  }
}
