import { handsetKeyOf } from '../phone/handset-key.js';
import type { VerifiedOtp } from '../proof/proof-service.js';
import { isRevoked, REVOKED_PROOFS } from '../proof/revoked-proofs.js';
import type { ProofRefusal } from '../telemetry/event-types.js';
import type { OtpParts } from './otp-parts.js';
import { answering } from './store-failures.js';

/** Who the application says is calling. */
export interface ProofCaller {
  readonly subject?: string | undefined;
  /** E.164. */
  readonly phoneNumber?: string | undefined;
}

export interface ProofCheck {
  readonly token: string | undefined;
  readonly purpose: string;
  /** How old the answer may be, in seconds. */
  readonly maxAgeSeconds: number | undefined;
  /** The proof is spent by this check. */
  readonly singleUse: boolean;
  /** Subject and number must equal the proof's. */
  readonly caller: ProofCaller | undefined;
  /** Without a caller nothing passes. */
  readonly callerRequired: boolean;
}

export type ProofCheckResult =
  | { readonly outcome: 'accepted'; readonly proof: VerifiedOtp }
  | { readonly outcome: 'refused'; readonly reason: ProofRefusal };

/** caller known → proof read → purpose → age → caller's own → not revoked → spent; nothing is spent for a proof that would be refused anyway */
export class CheckProofFlow {
  constructor(private readonly parts: OtpParts) {}

  async run(check: ProofCheck): Promise<ProofCheckResult> {
    const result = await this.check(check);
    const { events, index } = this.parts;
    if (result.outcome === 'refused') {
      events.emit('proof.refused', { purpose: check.purpose, reason: result.reason });
      return result;
    }
    const reading = this.parts.readPhoneNumber({ phoneNumber: result.proof.phoneNumber });
    if (reading.outcome === 'ok') {
      const { number } = reading;
      events.emit('proof.accepted', {
        purpose: check.purpose,
        destination: number.masked,
        country: number.country,
        numberRef: index.number(number.handsetKey).index,
      });
    }
    return result;
  }

  private async check(check: ProofCheck): Promise<ProofCheckResult> {
    if (check.caller === undefined && check.callerRequired) {
      return refused('no_caller');
    }
    if (check.token === undefined) {
      return refused('missing');
    }
    const reading = await this.parts.proofs.read(check.token);
    if (reading.outcome !== 'valid') {
      return refused(reading.outcome);
    }
    const { proof } = reading;
    if (proof.purpose !== check.purpose) {
      return refused('wrong_purpose');
    }
    const ageSeconds = this.parts.clock.now() / 1000 - proof.authTime;
    if (check.maxAgeSeconds !== undefined && ageSeconds > check.maxAgeSeconds) {
      return refused('too_old');
    }
    if (check.caller !== undefined && !this.isOf(proof, check.caller)) {
      return refused('not_the_caller');
    }
    const result = await answering(() => this.use(proof, check));
    return 'reason' in result || result.outcome === 'accepted' ? result : refused(result.outcome);
  }

  /** The number must be the caller's, however it is spelled; so must the subject of a proof that has one. */
  private isOf(proof: VerifiedOtp, { subject, phoneNumber }: ProofCaller): boolean {
    const [proven, callers] = [proof.phoneNumber, phoneNumber].map((number) =>
      this.parts.readPhoneNumber({ phoneNumber: number }),
    );
    return (
      proven?.outcome === 'ok' &&
      callers?.outcome === 'ok' &&
      proven.number.handsetKey === callers.number.handsetKey &&
      (proof.subject === undefined || proof.subject === subject)
    );
  }

  private async use(proof: VerifiedOtp, { singleUse }: ProofCheck): Promise<ProofCheckResult> {
    const { clock, index, store } = this.parts;
    const ttlSeconds = Math.max(1, Math.ceil(proof.expiresAt - clock.now() / 1000)) + 60;
    const [revoked, before] = await Promise.all([
      store.marks.get(index.mark(REVOKED_PROOFS, handsetKeyOf(proof.phoneNumber))),
      singleUse ? store.marks.putIfAbsent(index.mark('proof', proof.id), '1', ttlSeconds) : undefined,
    ]);
    if (isRevoked(proof, revoked)) {
      return refused('revoked');
    }
    return before === undefined ? { outcome: 'accepted', proof } : refused('used');
  }
}

function refused(reason: ProofRefusal): ProofCheckResult {
  return { outcome: 'refused', reason };
}
