import { type Transaction, transactionHashes } from '../challenge/transaction.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';
import type { VerifiedOtp } from '../proof/proof-claims.js';
import { isRevoked, REVOKED_PROOFS } from '../proof/revoked-proofs.js';
import type { ProofRefusal } from '../telemetry/event-types.js';
import { eventNumber } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import type { ProofChecked, ProofRefused } from './results.js';
import { answering } from './store-failures.js';

/** Who the application says is calling. */
export interface ProofCaller {
  readonly subject?: string | undefined;
  /** In any spelling; international, `+…`. */
  readonly phoneNumber: string;
}

export interface ProofCheck {
  readonly token: string | undefined;
  readonly purpose: string;
  /** Must be among the proof's audience. @default the namespace */
  readonly audience?: string | undefined;
  /** What the request is about. A proof without an action opens any. */
  readonly transaction: Transaction;
  /** How old the answer may be, in seconds. */
  readonly maxAgeSeconds: number | undefined;
  /** The proof is spent by this check. */
  readonly singleUse: boolean;
  /** Subject and number must equal the proof's; `undefined` when nobody is signed in. */
  readonly caller: ProofCaller | undefined;
}

interface Proven {
  readonly proof: VerifiedOtp;
  readonly number: PhoneNumber;
}

type Accepted = Proven & { readonly outcome: 'accepted' };

/** A used proof is remembered until no instance takes it any more: the largest tolerance, and clocks that far apart. */
const CLOCKS_APART_SECONDS = 2 * 60;

/**
 * proof read → purpose → transaction → age → caller's own → not revoked, and spent with the same question
 *
 * Nothing is spent for a proof that is refused before.
 */
export class CheckProofFlow {
  constructor(private readonly parts: OtpParts) {}

  async run(check: ProofCheck): Promise<ProofChecked> {
    const result = await answering(() => this.check(check));
    if (result.outcome !== 'accepted') {
      this.tell(check.purpose, result.outcome === 'refused' ? result.reason : result.outcome);
      return result;
    }
    const { proof, number } = result;
    const key = this.parts.index.number(number.handsetKey);
    this.parts.events.emit('proof.accepted', { purpose: check.purpose, ...eventNumber(number, key) });
    return { outcome: 'accepted', proof };
  }

  /** Of what is refused, also before there is a proof to read. */
  tell(purpose: string, reason: ProofRefusal): void {
    this.parts.events.emit('proof.refused', { purpose, reason });
  }

  /** Whether number and subject of what was proved are the caller's. */
  isCallers(proof: VerifiedOtp, caller: ProofCaller): boolean {
    const proven = this.parts.readPhoneNumber({ phoneNumber: proof.phoneNumber });
    return proven.outcome === 'ok' && this.isOf({ proof, number: proven.number }, caller);
  }

  private async check(check: ProofCheck): Promise<Accepted | ProofRefused> {
    if (check.token === undefined) {
      return refused('missing');
    }
    const reading = await this.parts.proofs.read(check.token, { audience: check.audience });
    if (reading.outcome !== 'valid') {
      return refused(reading.outcome);
    }
    const { proof } = reading;
    const proven = this.parts.readPhoneNumber({ phoneNumber: proof.phoneNumber });
    if (proven.outcome !== 'ok') {
      return refused('invalid');
    }
    if (proof.purpose !== check.purpose) {
      return refused('wrong_purpose');
    }
    if (!isFor(proof, check.transaction)) {
      return refused('wrong_binding');
    }
    const ageSeconds = this.parts.clock.now() / 1000 - proof.authTime;
    // An age that is no number is none that a proof could have.
    if (check.maxAgeSeconds !== undefined && !(ageSeconds <= check.maxAgeSeconds)) {
      return refused('too_old');
    }
    const { number } = proven;
    if (check.caller !== undefined && !this.isOf({ proof, number }, check.caller)) {
      return refused('not_the_caller');
    }
    return this.use({ proof, number }, check);
  }

  /** The number must be the caller's, however it is spelled; so must the subject of a proof that has one. */
  private isOf({ proof, number }: Proven, { subject, phoneNumber }: ProofCaller): boolean {
    const callers = this.parts.readPhoneNumber({ phoneNumber });
    return (
      callers.outcome === 'ok' &&
      callers.number.handsetKey === number.handsetKey &&
      (proof.subject === undefined || proof.subject === subject)
    );
  }

  private async use({ proof, number }: Proven, { singleUse }: ProofCheck): Promise<Accepted | ProofRefused> {
    const { clock, index, store } = this.parts;
    const ttlSeconds = Math.max(1, Math.ceil(proof.expiresAt - clock.now() / 1000)) + CLOCKS_APART_SECONDS;
    const spent = index.mark('proof', proof.id);
    const [revoked, before] = await Promise.all([
      store.marks.get(index.mark(REVOKED_PROOFS, number.handsetKey)),
      // What one call has spent opens no other, not even one that would not spend it.
      singleUse ? store.marks.putIfAbsent(spent, '1', ttlSeconds) : store.marks.get(spent),
    ]);
    if (isRevoked(proof, revoked)) {
      return refused('revoked');
    }
    return before === undefined ? { outcome: 'accepted', proof, number } : refused('used');
  }
}

/** Neither hash is a secret: both can be computed from the request. */
function isFor({ binding, action }: VerifiedOtp, transaction: Transaction): boolean {
  const expected = transactionHashes(transaction);
  return (
    binding === expected.details?.toString('base64url') &&
    (action === undefined || action === expected.action?.toString('base64url'))
  );
}

function refused(reason: ProofRefused['reason']): ProofRefused {
  return { outcome: 'refused', reason };
}
