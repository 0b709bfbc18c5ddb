import { DEFAULT_PRICES } from 'nestjs-sms-otp';
import type { GuessAnswer, SendAnswer } from './defence.js';
import type { TargetNumber } from './targets.js';

export interface RefusedBy {
  readonly by: string;
  readonly times: number;
}

/** What one side let through and refused. */
export interface SideReport {
  readonly sent: number;
  /** US dollars, one segment a message. */
  readonly cost: number;
  /** Codes compared. */
  readonly compared: number;
  /** Right guesses. */
  readonly guessed: number;
  readonly refused: number;
  /** Most often first. */
  readonly refusedBy: readonly RefusedBy[];
  /** Messages before the first that was refused; missing while none was. */
  readonly firstRefusedAfter?: number;
  /** Whether the owner of the number still got in afterwards. */
  readonly victim?: 'signed_in' | 'refused';
}

export class SideTally {
  private sent = 0;
  private cost = 0;
  private compared = 0;
  private guessed = 0;
  /** When they were asked for: several are under way at once, and a refusal is answered before a message is sent. */
  private readonly sentOrders: number[] = [];
  private firstRefusedOrder: number | undefined;
  private victim: SideReport['victim'];
  private readonly refusals = new Map<string, number>();

  /** @param order how many were asked for before it */
  countSend(answer: SendAnswer, { country }: TargetNumber, order: number): void {
    if (answer.outcome === 'sent') {
      this.sent += 1;
      this.sentOrders.push(order);
      this.cost += DEFAULT_PRICES.countries?.[country] ?? DEFAULT_PRICES.default;
    } else {
      this.firstRefusedOrder = Math.min(this.firstRefusedOrder ?? order, order);
      this.countRefusal(answer.by);
    }
  }

  countGuess(answer: GuessAnswer): void {
    if (answer.outcome === 'refused') {
      this.countRefusal(answer.by);
    } else {
      this.compared += 1;
      this.guessed += answer.outcome === 'right' ? 1 : 0;
    }
  }

  setVictim(victim: 'signed_in' | 'refused'): void {
    this.victim = victim;
  }

  through(counts: 'messages' | 'codes'): number {
    return counts === 'messages' ? this.sent : this.compared;
  }

  report(): SideReport {
    const { sent, compared, guessed, victim } = this;
    const firstRefusedAfter = this.countBefore(this.firstRefusedOrder);
    const refusedBy = [...this.refusals].map(([by, times]) => ({ by, times })).toSorted((a, b) => b.times - a.times);
    return {
      sent,
      cost: Math.round(this.cost * 1000) / 1000,
      compared,
      guessed,
      refused: refusedBy.reduce((sum, { times }) => sum + times, 0),
      refusedBy,
      ...(firstRefusedAfter === undefined ? {} : { firstRefusedAfter }),
      ...(victim === undefined ? {} : { victim }),
    };
  }

  private countBefore(order: number | undefined): number | undefined {
    return order === undefined ? undefined : this.sentOrders.filter((sent) => sent < order).length;
  }

  private countRefusal(by: string): void {
    this.refusals.set(by, (this.refusals.get(by) ?? 0) + 1);
  }
}
