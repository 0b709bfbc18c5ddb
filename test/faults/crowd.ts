import { Person, type Surroundings } from './person.js';

export interface CrowdOptions {
  readonly surroundings: Omit<Surroundings, 'untilCalm'>;
  readonly people: number;
  /** How many of them act at the same time. */
  readonly atOnce: number;
}

/** People who act, so many at a time. Those whom a fault keeps from going on wait for its end. */
export class Crowd {
  private readonly options: CrowdOptions;
  private readonly meetings = new Set<() => void>();
  private calm: Promise<void> = Promise.resolve();
  private becalm: () => void = () => undefined;
  private next = 0;
  private done = 0;
  private waiting = 0;
  private running = 0;

  constructor(options: CrowdOptions) {
    this.options = options;
  }

  /** From here on who gets no answer waits for `goOn`. */
  alarm(): void {
    this.calm = new Promise((resolve) => (this.becalm = resolve));
  }

  goOn(): void {
    this.becalm();
    this.calm = Promise.resolve();
  }

  /** Resolves when all have done what they came for. */
  async act(): Promise<void> {
    await Promise.all(Array.from({ length: this.options.atOnce }, () => this.actInTurn()));
  }

  /** Resolves when this part of them is done, or when nobody can go on. */
  untilDone(part: number): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        const isStuck = this.running > 0 && this.waiting === this.running;
        if (this.done >= part * this.options.people || isStuck) {
          this.meetings.delete(check);
          resolve();
        }
      };
      this.meetings.add(check);
      check();
    });
  }

  private async actInTurn(): Promise<void> {
    this.running += 1;
    for (let n = this.next++; n < this.options.people; n = this.next++) {
      await new Person({ ...this.options.surroundings, untilCalm: () => this.untilCalm() }, n).act();
      this.done += 1;
      this.tell();
    }
    this.running -= 1;
    this.tell();
  }

  private async untilCalm(): Promise<void> {
    this.waiting += 1;
    this.tell();
    await this.calm;
    this.waiting -= 1;
  }

  private tell(): void {
    [...this.meetings].forEach((check) => check());
  }
}
