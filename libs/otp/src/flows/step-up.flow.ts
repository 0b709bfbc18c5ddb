import type { ChallengeView } from '../challenge/challenge-view.js';
import type { Purpose } from '../challenge/purpose.js';
import { type Transaction, transactionHashes } from '../challenge/transaction.js';
import { lengthPrefixed } from '../secrets/fields.js';
import { openText, sealText } from '../secrets/sealed-text.js';
import { StoreUnavailableError } from '../stores/otp-store.js';
import { InspectFlow } from './inspect.flow.js';
import { IssueFlow } from './issue.flow.js';
import type { OtpParts } from './otp-parts.js';
import { sessionHash } from './request-context.js';
import type { IssueResult, OtpClientOption } from './results.js';
import { answering } from './store-failures.js';

export interface StepUpRequest {
  readonly purpose: Purpose;
  readonly phoneNumber: string;
  readonly subject: string | undefined;
  readonly session: string | undefined;
  readonly transaction: Transaction;
  readonly locale: string | undefined;
  readonly client: OtpClientOption;
  readonly signal: AbortSignal | undefined;
}

/**
 * live challenge of the same subject, purpose and transaction → else a new one
 *
 * Whoever repeats a request without a code gets the same challenge again and no second message. Two at once are kept apart
 * by the number's cooldown.
 */
export class StepUpFlow {
  private readonly issue: IssueFlow;
  private readonly inspect: InspectFlow;

  constructor(private readonly parts: OtpParts) {
    this.issue = new IssueFlow(parts);
    this.inspect = new InspectFlow(parts);
  }

  run(request: StepUpRequest): Promise<IssueResult> {
    return answering(async () => {
      const key = this.keyOf(request);
      const live = key === undefined ? undefined : await this.live(key);
      if (live !== undefined) {
        return { outcome: 'issued', challenge: live };
      }
      // The caller was authenticated, so strangers who use up the number's public budgets keep nobody from a code.
      const result = await this.issue.run({ ...request, vouched: true });
      if (key !== undefined && result.outcome === 'issued') {
        await this.remember(key, result.challenge, request.purpose);
      }
      return result;
    });
  }

  private async live(key: string): Promise<ChallengeView | undefined> {
    const { ring, store } = this.parts;
    const sealed = await store.marks.get(key);
    const challengeId = sealed === undefined ? undefined : openText(ring, sealed, key);
    const status = challengeId === undefined ? undefined : await this.inspect.status(challengeId);
    if (status?.outcome === 'store_unavailable') {
      throw new StoreUnavailableError('Whether the challenge is live cannot be told, so nothing is sent');
    }
    if (status?.outcome !== 'live' || status.challenge.attemptsRemaining === 0) {
      return undefined;
    }
    const { delivery: _, ...view } = status.challenge;
    return view;
  }

  /**
   * As long as the challenge can live, each resend renewing it. The message is on its way: without the mark the next
   * request gets another challenge, and no more.
   */
  private async remember(key: string, { challengeId }: ChallengeView, purpose: Purpose): Promise<void> {
    const { ring, store } = this.parts;
    const longestSeconds = purpose.ttlSeconds * purpose.maxSends;
    await store.marks.put(key, sealText(ring, challengeId, key), longestSeconds).catch(() => undefined);
  }

  /** `undefined` for a number that cannot be one, which issuing refuses. */
  private keyOf({ phoneNumber, subject, session, purpose, transaction }: StepUpRequest): string | undefined {
    const { index, readPhoneNumber } = this.parts;
    const reading = readPhoneNumber({ phoneNumber });
    if (reading.outcome !== 'ok') {
      return undefined;
    }
    const { details, action } = transactionHashes(transaction);
    const bound = [details, action, sessionHash(session)].map((hash) => hash ?? '');
    const fields = lengthPrefixed([purpose.name, reading.number.handsetKey, subject ?? '', ...bound]);
    return index.mark('step-up', fields.toString('base64'));
  }
}
