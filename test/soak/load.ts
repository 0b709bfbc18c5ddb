import { Random } from '../simulation/engine/random.js';
import { addressOf, numberOf } from '../support/otp-instances.js';
import { Caller } from './caller.js';
import type { Gate } from './gate.js';
import type { Ledger } from './ledger.js';
import { Person } from './person.js';
import type { Site } from './site.js';

/** Each has a number and an address. */
export const PEOPLE = 400;
const WORKERS = 12;
/** Requests of a flood: one address asks for as many numbers at once. */
const FLOOD = 40;
/** Between two people's numbers, so that they are no neighbours. */
const APART = 20_011;
/** How many may wait for time to pass. */
const MOST_WAITING = 40;

/** What is left to do when time has passed. */
type Rest = (() => Promise<void>) | undefined | void;

/** What people do, each as often as its share. */
const DEEDS: readonly (readonly [share: number, deed: (load: Load, person: Person) => Promise<Rest>])[] = [
  [40, (_load, person) => person.logIn()],
  [12, (_load, person) => person.sendAgain()],
  [8, (_load, person) => person.cancel()],
  [8, (_load, person) => person.guess()],
  [8, (_load, person) => person.askTwice()],
  [12, (_load, person) => person.transfer()],
  [8, (load, person) => person.report(load.draw(5_000))],
  [3, (_load, person) => person.hangUp()],
  [1, (load) => load.flood()],
];
const ALL_SHARES = DEEDS.reduce((sum, [share]) => sum + share, 0);

/** People and those who pretend to be, side by side; the same ones in each run. */
export class Load {
  /** Nobody is at two things at once: a code that comes is the one that was asked for last. */
  private readonly free: Person[];
  private readonly waiting: { readonly person: Person; readonly since: number; readonly rest: () => Promise<void> }[] =
    [];
  private readonly random = Random.of(1);
  private moment = 0;
  private stopped = false;

  constructor(
    private readonly site: Site,
    private readonly ledger: Ledger,
    private readonly gate: Gate,
  ) {
    this.free = Array.from({ length: PEOPLE }, (_, index) => {
      const caller = new Caller(site, ledger, addressOf(index));
      return new Person({ site, ledger, caller, number: numberOf(index * APART) });
    });
  }

  /** Until `stop`, with as many at once as there are workers. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: WORKERS }, () => this.work()));
  }

  stop(): void {
    this.stopped = true;
  }

  /** Those who waited for it go on. */
  timePassed(): void {
    this.moment += 1;
  }

  /** A whole number from 0, below the bound. */
  draw(below: number): number {
    return this.random.between(0, below - 1);
  }

  async flood(): Promise<void> {
    const caller = new Caller(this.site, this.ledger, addressOf(PEOPLE));
    const asks = Array.from({ length: FLOOD }, () => {
      const phoneNumber = numberOf(this.draw(PEOPLE) * APART);
      return caller.call({ path: '/otp/challenges', body: { phoneNumber } });
    });
    await Promise.all(asks);
  }

  private async work(): Promise<void> {
    while (!this.stopped) {
      await this.gate.pass(() => this.doSomething());
    }
  }

  private async doSomething(): Promise<void> {
    const first = this.waiting[0];
    if (first !== undefined && first.since < this.moment) {
      this.waiting.shift();
      await first.rest();
      this.free.push(first.person);
      return;
    }
    const person = this.free.shift();
    if (person === undefined) {
      throw new Error('everybody waits');
    }
    const rest = await this.pick()(this, person);
    if (typeof rest === 'function' && this.waiting.length < MOST_WAITING) {
      this.waiting.push({ person, since: this.moment, rest });
    } else {
      this.free.push(person);
    }
  }

  private pick() {
    let left = this.draw(ALL_SHARES);
    for (const [share, deed] of DEEDS) {
      left -= share;
      if (left < 0) {
        return deed;
      }
    }
    throw new Error('the shares do not add up');
  }
}
