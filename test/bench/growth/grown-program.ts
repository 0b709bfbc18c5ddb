import { Program } from '../program.js';
import { median } from '../rounds.js';
import type { GrowthOptions } from './growing-store.js';
import type { Costs, GrowthHello, GrowthQuestion } from './growth-program.js';

/** Fewer than these are made anew in each round. */
const MANY = 50_000;
const FLAGS = ['--max-old-space-size=6144', '--expose-gc'];

/** A number of live challenges in a process of its own, so that no other's memory is collected with it. */
export class GrownProgram {
  private readonly rounds: Costs[] = [];

  private constructor(
    private readonly program: Program<GrowthHello, GrowthQuestion, Costs>,
    readonly challenges: number,
  ) {}

  static async start(options: GrowthOptions): Promise<GrownProgram> {
    const url = new URL('./growth-program.js', import.meta.url);
    return new GrownProgram(await Program.start({ url, options, flags: FLAGS }), options.challenges);
  }

  get bytesPerChallenge(): number {
    return this.program.hello.bytesPerChallenge;
  }

  async run(operations: number, isCounted: boolean): Promise<void> {
    const costs = await this.program.ask({ operations, afresh: this.challenges < MANY });
    if (isCounted) {
      this.rounds.push(costs);
    }
  }

  micros(operation: keyof Costs): number {
    return median(this.rounds.map((costs) => costs[operation]));
  }

  /** The median over the rounds, in each of which both took turns. */
  costAgainst(other: GrownProgram, operation: keyof Costs): number {
    return median(this.rounds.map((costs, at) => costs[operation] / (other.rounds[at]?.[operation] ?? Number.NaN)));
  }

  close(): Promise<void> {
    return this.program.close();
  }
}
