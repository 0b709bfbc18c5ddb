import type { Receipt } from 'nestjs-sms-otp';
import type { SimulatedMessage } from './simulated-message.js';

const MAX_MESSAGES = 200;

/** As in the module's store: a state only goes forwards, and the last two stay. */
const RANKS = { queued: 0, sent: 1, delivered: 2, failed: 2 } as const satisfies Record<
  SimulatedMessage['delivery'],
  number
>;

/** The newest messages, in this process alone. */
export class Inbox {
  private readonly messages: SimulatedMessage[] = [];

  add(message: SimulatedMessage): void {
    this.messages.unshift(message);
    this.messages.splice(MAX_MESSAGES);
  }

  /** Newest first, of all numbers or of one. */
  list(to?: string): readonly SimulatedMessage[] {
    return this.messages.filter((message) => to === undefined || message.to === to);
  }

  report({ messageId, state }: Receipt): void {
    const at = this.messages.findIndex(({ id }) => id === messageId);
    const known = this.messages[at];
    if (known !== undefined && RANKS[state] > RANKS[known.delivery]) {
      this.messages[at] = { ...known, delivery: state };
    }
  }
}
