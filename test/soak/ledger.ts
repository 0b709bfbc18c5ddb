/** What was asked and answered, and what should not have been. */
export class Ledger {
  /** How often each route gave each status: `POST /otp/challenges 201`. */
  readonly answers = new Map<string, number>();
  /** What happened that must not, and how often. */
  readonly breaches = new Map<string, number>();
  operations = 0;
  private readonly statuses = new Map<number, number>();
  private readonly waiting: (() => void)[] = [];

  answered(route: string, status: number): void {
    this.operations += 1;
    add(this.answers, `${route} ${status}`);
    add(this.statuses, status);
    this.waiting.splice(0).forEach((wake) => wake());
  }

  breach(what: string): void {
    add(this.breaches, what);
  }

  withStatus(status: number): number {
    return this.statuses.get(status) ?? 0;
  }

  /** Resolves with the next answer. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
