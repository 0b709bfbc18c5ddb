export type Operation = 'issue' | 'resend' | 'verify' | 'cancel';

/** What came back, whoever carried it. */
export interface Answered {
  /** Of `OtpService`; `no_answer` when the process that was asked has died, `thrown` for anything but an answer. */
  readonly outcome: string;
  readonly challengeId?: string;
  readonly expiresAt?: number;
  readonly attemptsRemaining?: number;
  /** Of what was thrown. */
  readonly detail?: string;
}

export interface Question {
  readonly operation: Operation;
  readonly number: string;
  readonly challengeId?: string;
  readonly code?: string;
}

/** One question with its answer. `began` and `ended` are places in the one order of all that the ledger was told. */
export interface Exchange extends Question, Answered {
  readonly began: number;
  readonly ended: number;
  /** By the store's clock, in ms. */
  readonly askedAt: number;
  readonly tookMs: number;
  /** The code of the message that this call sent, if any. */
  readonly sentCode?: string;
}

export interface Sent {
  readonly number: string;
  readonly code: string;
  /** Place in the order. */
  readonly place: number;
}

/**
 * What people and providers saw, written outside the module: what was asked and answered, what was sent, what was
 * compared. It asks nobody whether it is right; `judge` does.
 */
export class Ledger {
  readonly exchanges: Exchange[] = [];
  readonly sent: Sent[] = [];
  /** The challenge that a stored hash was made for. */
  readonly challengeOfHash = new Map<string, string>();
  /** Comparisons by stored hash. */
  readonly compared = new Map<string, number>();
  readonly ipOf = new Map<string, string>();
  private readonly newest = new Map<string, Sent>();
  private place = 0;

  /** Where the order stands now. */
  get now(): number {
    return this.place;
  }

  lastCodeTo(number: string): string | undefined {
    return this.newest.get(number)?.code;
  }

  tellSent(number: string, code: string): void {
    const sent = { number, code, place: this.next() };
    this.sent.push(sent);
    this.newest.set(number, sent);
  }

  tellMade(hash: string, challenge: string): void {
    this.challengeOfHash.set(hash, challenge);
  }

  tellCompared(hash: string): void {
    this.compared.set(hash, (this.compared.get(hash) ?? 0) + 1);
  }

  /** One person sends one thing at a time, so what reached the number meanwhile is what this call sent. */
  async ask(question: Question, askedAt: number, work: () => Promise<Answered>): Promise<Exchange> {
    const began = this.next();
    const start = performance.now();
    const answered = await work().catch((error: unknown) => ({ outcome: 'thrown', detail: String(error) }));
    const sent = this.newest.get(question.number);
    const isSender = question.operation === 'issue' || question.operation === 'resend';
    const exchange: Exchange = {
      ...question,
      ...answered,
      began,
      ended: this.next(),
      askedAt,
      tookMs: performance.now() - start,
      ...(isSender && sent !== undefined && sent.place > began ? { sentCode: sent.code } : {}),
    };
    this.exchanges.push(exchange);
    return exchange;
  }

  private next(): number {
    this.place += 1;
    return this.place;
  }
}
