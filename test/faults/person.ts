import { addressOf, numberOf } from '../support/otp-instances.js';
import { wrongCode } from '../support/http.js';
import type { Door } from './door.js';
import type { Exchange, Ledger, Question } from './ledger.js';

/** What a person finds around him. */
export interface Surroundings {
  readonly ledger: Ledger;
  readonly clock: { now(): number };
  /** The n-th instance, whichever runs in its place now. */
  door(n: number): Door;
  /** Resolves when the fault is over; at once while there is none. */
  untilCalm(): Promise<void>;
}

type Started = Exchange & { readonly challengeId: string; readonly sentCode: string };

const AT_ONCE = 4;
const GUESSES = 8;
/** Questions after an answer that said: not now. */
const MOST_TRIES = 4;
const MOST_WAITS = 40;
const NOT_NOW: ReadonlySet<string> = new Set(['store_unavailable', 'busy', 'no_answer', 'delivery_failed', 'thrown']);

/** Somebody with a number of his own, who does one of the things that people and attackers do. */
export class Person {
  readonly number: string;
  private readonly ip: string;
  private turn: number;

  constructor(
    private readonly around: Surroundings,
    private readonly n: number,
  ) {
    this.number = numberOf(n);
    this.ip = addressOf(Math.floor(n / 40));
    this.turn = n;
    around.ledger.ipOf.set(this.number, this.ip);
  }

  async act(): Promise<void> {
    const started = await this.start();
    if (started === undefined) {
      return;
    }
    const kinds = [
      this.signIn,
      this.race,
      this.guess,
      this.mistype,
      this.resend,
      this.raceResend,
      this.cancel,
      this.forget,
    ];
    const kind = kinds[this.n % kinds.length] ?? this.signIn;
    await kind.call(this, started);
  }

  /** A code, and the same once more at the other instance. */
  private async signIn({ challengeId, sentCode }: Started): Promise<void> {
    await this.verify(challengeId, sentCode);
    await this.verify(challengeId, sentCode);
  }

  private async race({ challengeId, sentCode }: Started): Promise<void> {
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.verify(challengeId, sentCode)));
  }

  private async guess({ challengeId, sentCode }: Started): Promise<void> {
    await Promise.all(Array.from({ length: GUESSES }, () => this.verify(challengeId, wrongCode(sentCode))));
    await this.verify(challengeId, sentCode);
  }

  private async mistype({ challengeId, sentCode }: Started): Promise<void> {
    await this.verify(challengeId, wrongCode(sentCode));
    await this.verify(challengeId, wrongCode(sentCode));
    await this.verify(challengeId, sentCode);
  }

  private async resend({ challengeId, sentCode }: Started): Promise<void> {
    const again = await this.sendAgain(challengeId);
    await this.verify(challengeId, sentCode);
    if (again !== undefined) {
      await this.verify(challengeId, again);
    }
  }

  private async raceResend({ challengeId, sentCode }: Started): Promise<void> {
    const [again] = await Promise.all([this.sendAgain(challengeId), this.verify(challengeId, sentCode)]);
    await this.verify(challengeId, again ?? sentCode);
  }

  private async cancel({ challengeId, sentCode }: Started): Promise<void> {
    await this.ask({ operation: 'cancel', challengeId }, (door) => door.cancel(challengeId));
    await this.verify(challengeId, sentCode);
  }

  /** More messages than the number may have, and no code entered. */
  private async forget(): Promise<void> {
    for (let n = 0; n < MOST_TRIES + 1; n += 1) {
      await this.start();
    }
  }

  private async start(): Promise<Started | undefined> {
    const exchange = await this.whileThrottled(() =>
      this.ask({ operation: 'issue' }, (door) => door.issue(this.number, this.ip)),
    );
    const { challengeId, sentCode } = exchange;
    return challengeId === undefined || sentCode === undefined ? undefined : { ...exchange, challengeId, sentCode };
  }

  private async sendAgain(challengeId: string): Promise<string | undefined> {
    const exchange = await this.whileThrottled(() =>
      this.ask({ operation: 'resend', challengeId }, (door) => door.resend(challengeId, this.ip)),
    );
    return exchange.outcome === 'resent' ? exchange.sentCode : undefined;
  }

  private verify(challengeId: string, code: string): Promise<Exchange> {
    return this.ask({ operation: 'verify', challengeId, code }, (door) => door.verify(challengeId, code, this.ip));
  }

  /** The cooldown passes by itself; a limit that is used up does not. */
  private async whileThrottled(work: () => Promise<Exchange>): Promise<Exchange> {
    let exchange = await work();
    for (let n = 0; n < MOST_WAITS && exchange.outcome === 'throttled'; n += 1) {
      exchange = await work();
    }
    return exchange;
  }

  /** Asks again at once what got no answer, as impatient people do, and then when the fault is over. */
  private async ask(
    question: Omit<Question, 'number'>,
    ask: (door: Door) => ReturnType<Door['issue']>,
  ): Promise<Exchange> {
    const { ledger, clock } = this.around;
    for (let tries = 1; ; tries += 1) {
      const door = this.around.door((this.turn += 1));
      const exchange = await ledger.ask({ ...question, number: this.number }, clock.now(), () => ask(door));
      if (!NOT_NOW.has(exchange.outcome) || tries === MOST_TRIES) {
        return exchange;
      }
      if (tries > 1) {
        await this.around.untilCalm();
      }
    }
  }
}
