import type { AttackStep, Victim } from './attack.js';
import type { Defence, SendAnswer } from './defence.js';
import { SideTally } from './side-tally.js';

/** An attacker and the login that it meets. It stops guessing where guesses are refused, and goes on with the next step. */
export class AttackedSide {
  readonly tally = new SideTally();
  private requested = 0;
  private deviceToken: string | undefined;

  constructor(private readonly defence: Defence) {}

  /** Requests made so far. */
  get requests(): number {
    return this.requested;
  }

  async take(step: AttackStep): Promise<void> {
    const { target, ip, resends = 0 } = step;
    const purpose = step.purpose === undefined ? {} : { purpose: step.purpose };
    let answer = await this.counted(step, () => this.defence.send({ target, ip, ...purpose }));
    for (let resent = 0; answer.outcome === 'sent'; resent += 1) {
      const { challengeId } = answer;
      await this.guess(step, challengeId);
      if (resent >= resends) {
        return;
      }
      answer = await this.counted(step, () => this.defence.resend({ challengeId, target, ip }));
    }
  }

  /** Before the attack: the browser is remembered. */
  async befriend(victim: Victim): Promise<void> {
    const answer = await this.defence.signIn(victim);
    if (answer.outcome === 'signed_in') {
      this.deviceToken = answer.deviceToken;
    }
  }

  async tryAgain(victim: Victim): Promise<void> {
    const device = this.deviceToken === undefined ? {} : { deviceToken: this.deviceToken };
    const { outcome } = await this.defence.signIn({ ...victim, ...device });
    this.tally.setVictim(outcome);
  }

  private async guess({ ip, guesses = 0, purpose }: AttackStep, challengeId: string): Promise<void> {
    for (let tried = 0; tried < guesses; tried += 1) {
      this.requested += 1;
      const code = String(tried * 111_111).padStart(6, '0');
      const answer = await this.defence.guess({ challengeId, code, ip, ...(purpose === undefined ? {} : { purpose }) });
      this.tally.countGuess(answer);
      if (answer.outcome !== 'wrong') {
        return;
      }
    }
  }

  private async counted({ target }: AttackStep, ask: () => Promise<SendAnswer>): Promise<SendAnswer> {
    const order = this.requested;
    this.requested += 1;
    const answer = await ask();
    this.tally.countSend(answer, target, order);
    return answer;
  }
}
