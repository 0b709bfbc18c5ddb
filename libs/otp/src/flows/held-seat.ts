import type { Seat, SeatKind, Seats } from '../hashing/hash-seats.js';

/** Every seat was taken when one was needed again: the caller answers `busy`. */
export class NoSeatError extends Error {
  override readonly name = 'NoSeatError';
}

/** A hash seat that is given up while a flow waits for somebody else, and taken again after: who waits fills no queue. */
export class HeldSeat implements Seat {
  private constructor(
    private seat: Seat | undefined,
    private readonly takeAgain: () => Seat | undefined,
  ) {}

  /** `undefined` when all are taken. */
  static take(seats: Seats, kind: SeatKind, keys: readonly string[]): HeldSeat | undefined {
    const take = () => seats.take(kind, keys);
    const seat = take();
    return seat && new HeldSeat(seat, take);
  }

  async without<T>(work: () => Promise<T>): Promise<T> {
    this.leave();
    const result = await work();
    this.seat = this.takeAgain();
    return result;
  }

  /** @throws NoSeatError */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.seat === undefined) {
      throw new NoSeatError('Every hash seat is taken');
    }
    return this.seat.run(work, signal);
  }

  leave(): void {
    this.seat?.leave();
    this.seat = undefined;
  }
}
