import { StoreUnavailableError } from '../otp-store.js';

/** Reads what a script answered, which is untyped on the wire. Anything unexpected counts as no answer. */
export class ScriptReply {
  private position = 0;

  private constructor(private readonly values: readonly unknown[]) {}

  static from(value: unknown): ScriptReply {
    if (!Array.isArray(value)) {
      throw new StoreUnavailableError('Redis answered a script with something that is not a list');
    }
    return new ScriptReply(value);
  }

  integer(): number {
    const value = this.next();
    if (typeof value !== 'number') {
      throw new StoreUnavailableError(`Redis answered a script with ${typeof value} instead of a number`);
    }
    return value;
  }

  bytes(): Buffer {
    const value = this.next();
    if (!Buffer.isBuffer(value)) {
      throw new StoreUnavailableError(`Redis answered a script with ${typeof value} instead of bytes`);
    }
    return value;
  }

  list(): ScriptReply {
    return ScriptReply.from(this.next());
  }

  /** Whether nothing is left. */
  get isRead(): boolean {
    return this.position >= this.values.length;
  }

  /** All that is left. */
  integers(): number[] {
    const integers: number[] = [];
    while (!this.isRead) {
      integers.push(this.integer());
    }
    return integers;
  }

  private next(): unknown {
    return this.values[this.position++];
  }
}
