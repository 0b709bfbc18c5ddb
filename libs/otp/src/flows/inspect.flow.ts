import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import type { StoredChallenge } from '../stores/otp-store.js';
import { challengeView, eventChallenge, type LiveChallenge, openChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import type { CancelResult, StatusResult } from './results.js';
import { answeringLoss } from './store-failures.js';

interface FoundChallenge {
  readonly challenge: LiveChallenge;
  readonly stored: StoredChallenge & { readonly now: number };
}

/** How often a cancel follows a resend that came in between. */
const CANCEL_TRIES = 3;

/** What takes neither a code nor a message: looking at a challenge and ending it. */
export class InspectFlow {
  constructor(private readonly parts: OtpParts) {}

  status(challengeId: string): Promise<StatusResult> {
    return answeringLoss(async () => {
      const { ids, limits, store } = this.parts;
      const id = ids.open(challengeId);
      const found = id && (await this.find(id));
      if (found === undefined) {
        return { outcome: 'challenge_gone' };
      }
      const { challenge, stored } = found;
      const { uses, now } = await store.limits.count(limits.nextSend(challenge.id.ref.key, challenge.id.lane));
      const resendAt = Math.max(now, ...uses.map(({ cooldownEndsAt }) => cooldownEndsAt));
      const view = challengeView(challengeId, challenge, { ...stored, resendAt });
      // Where decoys may be about, what became of a message would tell the others.
      const delivery = this.parts.risk?.decoys === true ? 'sent' : stored.delivery;
      return { outcome: 'live', challenge: { ...view, delivery } };
    });
  }

  cancel(challengeId: string): Promise<CancelResult> {
    return answeringLoss(async () => {
      const id = this.parts.ids.open(challengeId);
      for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
        const found = id && (await this.find(id));
        if (found === undefined) {
          break;
        }
        const {
          id: { ref },
        } = found.challenge;
        const ended = await this.parts.store.challenges.replaceIf(ref, found.stored.generation, { kind: 'none' });
        if (ended.outcome === 'replaced') {
          this.parts.events.emit('challenge.cancelled', eventChallenge(found.challenge));
          return { outcome: 'cancelled' };
        }
      }
      return { outcome: 'challenge_gone' };
    });
  }

  private async find(id: OpenedChallengeId): Promise<FoundChallenge | undefined> {
    const stored = await this.parts.store.challenges.find(id.ref);
    const challenge = stored && openChallenge(this.parts.purposes, id, stored);
    return challenge && { challenge, stored };
  }
}
