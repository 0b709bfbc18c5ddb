import { DAY } from './engine/stage.js';

/** What became of the honest people's requests in the measured days. */
export interface HonestFigures {
  /** Messages that people wanted; asking again for one that was refused is not another. */
  readonly asked: number;
  /** Of these, refused at least once by a limit; those that the cooldown alone put off are apart. */
  readonly refused: number;
  readonly refusedBy: Readonly<Record<string, number>>;
  readonly putOffByCooldown: number;
  /** Refused, and never got it. */
  readonly gaveUp: number;
  /** Answers that were not compared because of a limit. */
  readonly answersRefused: number;
  /** Logins begun, and those that ended with the right code. */
  readonly logins: number;
  readonly loggedIn: number;
  /** From the first refusal to the message, or to the time that the last refusal named. Of all that were asked. */
  readonly waitP99Seconds: number;
  readonly longestWaitSeconds: number;
}

export interface AttackFigures {
  readonly asked: number;
  readonly sent: number;
  readonly cost: number;
  /** Messages in each 24 hours since the beginning of the attack. */
  readonly sentPerDay: readonly number[];
  /** Messages before anything was refused for the first time. */
  readonly sentBeforeRefusal: number;
  readonly secondsToFirstRefusal: number | undefined;
  /** When the last message of the first hour got through: long before its end where the attack was stopped. */
  readonly secondsToLastOfFirstHour: number | undefined;
  readonly refusedBy: Readonly<Record<string, number>>;
  /** Codes that were compared, and those that were right by chance. */
  readonly guesses: number;
  readonly rightGuesses: number;
}

export class HonestMeasures {
  private asked = 0;
  private refused = 0;
  private cooldowns = 0;
  private gaveUp = 0;
  private answersRefused = 0;
  private logins = 0;
  private loggedIn = 0;
  private readonly refusedBy = new Map<string, number>();
  private readonly waits: number[] = [];

  constructor(private readonly isMeasured: (at: number) => boolean) {}

  login(at: number, succeeded: boolean): void {
    if (this.isMeasured(at)) {
      this.logins += 1;
      this.loggedIn += succeeded ? 1 : 0;
    }
  }

  ask(
    at: number,
    story: {
      readonly refusedBy?: string;
      readonly cooldown: boolean;
      readonly waitMs: number;
      readonly gaveUp: boolean;
    },
  ): void {
    if (!this.isMeasured(at)) {
      return;
    }
    this.asked += 1;
    this.cooldowns += story.cooldown ? 1 : 0;
    if (story.refusedBy !== undefined) {
      this.refused += 1;
      this.gaveUp += story.gaveUp ? 1 : 0;
      this.waits.push(story.waitMs);
      count(this.refusedBy, story.refusedBy);
    }
  }

  answerRefused(at: number): void {
    this.answersRefused += this.isMeasured(at) ? 1 : 0;
  }

  figures(): HonestFigures {
    const waits = this.waits.toSorted((one, other) => other - one);
    return {
      asked: this.asked,
      refused: this.refused,
      putOffByCooldown: this.cooldowns,
      gaveUp: this.gaveUp,
      answersRefused: this.answersRefused,
      logins: this.logins,
      loggedIn: this.loggedIn,
      refusedBy: Object.fromEntries(this.refusedBy),
      waitP99Seconds: Math.round((waits[Math.floor(this.asked / 100)] ?? 0) / 1000),
      longestWaitSeconds: Math.round((waits[0] ?? 0) / 1000),
    };
  }
}

export class AttackMeasures {
  private asked = 0;
  private cost = 0;
  private guesses = 0;
  private rightGuesses = 0;
  private sentBeforeRefusal = 0;
  private firstRefusalAt: number | undefined;
  private readonly sentAt: number[] = [];
  private readonly refusedBy = new Map<string, number>();

  constructor(
    private readonly startsAt: number,
    private readonly days: number,
  ) {}

  sent(at: number, cost: number): void {
    this.asked += 1;
    this.cost += cost;
    this.sentAt.push(at);
    this.sentBeforeRefusal += this.firstRefusalAt === undefined ? 1 : 0;
  }

  refused(at: number, limit: string): void {
    this.asked += 1;
    this.firstRefusalAt ??= at;
    count(this.refusedBy, limit);
  }

  guessed(right: boolean): void {
    this.guesses += 1;
    this.rightGuesses += right ? 1 : 0;
  }

  figures(): AttackFigures {
    const { sentAt, startsAt } = this;
    const since = (at: number | undefined) => (at === undefined ? undefined : Math.round((at - startsAt) / 1000));
    return {
      asked: this.asked,
      sent: sentAt.length,
      cost: Math.round(this.cost * 100) / 100,
      guesses: this.guesses,
      rightGuesses: this.rightGuesses,
      sentBeforeRefusal: this.sentBeforeRefusal,
      sentPerDay: Array.from(
        { length: this.days },
        (_, day) => sentAt.filter((at) => Math.floor((at - startsAt) / DAY) === day).length,
      ),
      secondsToFirstRefusal: since(this.firstRefusalAt),
      secondsToLastOfFirstHour: since(sentAt.findLast((at) => at < startsAt + 3_600_000)),
      refusedBy: Object.fromEntries(this.refusedBy),
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
