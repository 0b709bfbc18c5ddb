import type { ChallengeView } from '../challenge/challenge-view.js';
import { canonicalHash } from '../challenge/transaction.js';
import { lengthPrefixed } from '../secrets/fields.js';
import { randomBytes } from '../secrets/random-bytes.js';
import { openText, sealText } from '../secrets/sealed-text.js';
import { claimMark } from './claim-mark.js';
import { IssueFlow, type IssueRequest } from './issue.flow.js';
import type { OtpParts } from './otp-parts.js';
import type { IssueResult } from './results.js';
import { answering } from './store-failures.js';

/** When a repetition that met the first request under way may come back. */
const IN_FLIGHT_SECONDS = 1;

interface Claim {
  /** Where the first request leaves what it was. */
  readonly key: string;
  /** Where it leaves its answer. */
  readonly answerKey: string;
  /** Tells one body from another. */
  readonly fingerprint: string;
}

/**
 * Issues once for each key: a repetition gets the first answer again instead of a second message. Keys are the client's
 * own, so nobody meets somebody else's; the answer is sealed, for it names a challenge. Only a challenge is repeated:
 * after a refusal the key is free again. (draft-ietf-httpapi-idempotency-key-header)
 */
export class IdempotentIssueFlow {
  private readonly issue: IssueFlow;

  constructor(private readonly parts: OtpParts) {
    this.issue = new IssueFlow(parts);
  }

  run(request: IssueRequest & { readonly idempotencyKey?: string | undefined }): Promise<IssueResult> {
    const { idempotencyKey } = request;
    return idempotencyKey === undefined
      ? this.issue.run(request)
      : answering(() => this.once(request, this.claimOf(request, idempotencyKey)));
  }

  private async once(request: IssueRequest, claim: Claim): Promise<IssueResult> {
    const { marks } = this.parts.store;
    const value = `${claim.fingerprint}.${randomBytes(8).toString('base64url')}`;
    const first = await claimMark(marks, { key: claim.key, value, ttlSeconds: request.purpose.ttlSeconds });
    if (first !== undefined) {
      const [fingerprint] = first.split('.');
      return fingerprint === claim.fingerprint ? this.repeat(claim) : { outcome: 'idempotency_conflict' };
    }
    let result: IssueResult | undefined;
    const afterwards: (() => void)[] = [];
    try {
      result = await this.issue.run({ ...request, after: (work) => afterwards.push(work) });
      return result;
    } finally {
      await this.conclude(claim, request, result);
      afterwards.forEach((work) => setImmediate(work));
    }
  }

  /** What became of the message no longer depends on the store, so neither does the answer. */
  private async conclude(claim: Claim, { purpose }: IssueRequest, result: IssueResult | undefined): Promise<void> {
    const { marks } = this.parts.store;
    const concluded =
      result?.outcome === 'issued'
        ? marks.putIfAbsent(claim.answerKey, this.seal(claim, result.challenge), purpose.ttlSeconds)
        : marks.delete(claim.key);
    await concluded.catch(() => undefined);
  }

  private async repeat(claim: Claim): Promise<IssueResult> {
    const sealed = await this.parts.store.marks.get(claim.answerKey);
    const challenge = sealed === undefined ? undefined : this.open(claim, sealed);
    return challenge === undefined
      ? { outcome: 'idempotency_conflict', retryAfterSeconds: IN_FLIGHT_SECONDS }
      : { outcome: 'issued', challenge };
  }

  private claimOf(
    { client, purpose, phoneNumber, country, subject, locale, channel, vouched, transaction, session }: IssueRequest,
    key: string,
  ): Claim {
    const { index, ipGroup } = this.parts;
    const scope = client === 'none' ? 'none' : ipGroup(client.ip);
    const details = transaction?.details && canonicalHash(transaction.details).toString('base64url');
    const fields = [purpose.name, phoneNumber, country, subject, locale, channel, vouched, details, session].map(
      (field) => JSON.stringify(field) ?? '',
    );
    return {
      key: index.mark('idempotency', `${scope}\0${key}`),
      answerKey: index.mark('idempotency-answer', `${scope}\0${key}`),
      fingerprint: index.mark('idempotency-body', lengthPrefixed(fields).toString('base64')),
    };
  }

  private seal({ answerKey }: Claim, challenge: ChallengeView): string {
    return sealText(this.parts.ring, JSON.stringify(challenge), answerKey);
  }

  private open({ answerKey }: Claim, sealed: string): ChallengeView | undefined {
    const text = openText(this.parts.ring, sealed, answerKey);
    // Sealed by this flow, so it is what this flow wrote.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return text === undefined ? undefined : (JSON.parse(text) as ChallengeView);
  }
}
