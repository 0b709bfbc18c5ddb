import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { type Transaction, transactionHashes } from '../challenge/transaction.js';
import { type CodeContext, codeInput } from '../hashing/code-input.js';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import type { Seat } from '../hashing/hash-seats.js';
import type { DeliveryState } from '../stores/otp-store.js';
import { eventChallenge, type LiveChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import { outgoingMessage } from './outgoing-message.js';
import type { RequestClient } from './request-context.js';

/** Runs what must not be seen in the time of the answer, when that is given. */
export type Afterwards = (work: () => void) => void;

export interface MadeCode {
  /** The only place where the code is in clear. */
  readonly message: OutgoingMessage;
  readonly hash: Buffer;
}

export interface MessageOfCode {
  readonly message: OutgoingMessage;
  /** Of the code. */
  readonly generation: number;
}

const NO_CODE = 'decoy';

/** What issuing and resending share: making a code, its hash and its message, and handing the message over. */
export class CodeSender {
  constructor(private readonly parts: OtpParts) {}

  /** Makes a code and hashes it when the seat's turn comes. A decoy's hash is of none that anybody could type. */
  async make(challenge: LiveChallenge, seat: Seat, signal: AbortSignal | undefined): Promise<MadeCode> {
    const { purpose, payload } = challenge;
    const { transaction, session, decoy } = payload;
    const code = this.codeOf(challenge);
    const message = outgoingMessage(this.parts, { ...payload, purpose, details: transaction.details }, code);
    const input = hashInput(this.parts, challenge, { transaction, session, code: decoy ? NO_CODE : code });
    return { message, hash: await seat.run(() => this.parts.hasher.hash(input), signal) };
  }

  /**
   * Hands the message to the transports and tells what became of it: `failed` means that no message left. The store
   * learns of it in the background. Where decoys may be about, nobody waits for a transport and nothing is told of it.
   */
  async send(
    challenge: LiveChallenge,
    sent: MessageOfCode,
    { client, after = setImmediate }: { readonly client: RequestClient; readonly after?: Afterwards | undefined },
  ): Promise<DeliveryState> {
    const { generation } = sent;
    if (challenge.payload.test) {
      this.record(challenge.id, generation, 'sent');
      return 'sent';
    }
    if (this.parts.risk?.decoys !== true) {
      const state = await this.handOver(challenge, sent, client);
      if (state !== 'failed') {
        this.record(challenge.id, generation, state);
      }
      return state;
    }
    after(() => {
      this.record(challenge.id, generation, 'sent');
      if (!challenge.payload.decoy) {
        void this.handOver(challenge, sent, client);
      }
    });
    return 'sent';
  }

  /** A test number's stands in the options. One that has just expired gets a code that nobody is told. */
  private codeOf({ id, purpose, payload }: LiveChallenge): string {
    const fixed = payload.test ? this.parts.testNumbers.codeOf(id.ref.key, purpose.codeLength) : undefined;
    return fixed ?? this.parts.makeCode(purpose.codeLength);
  }

  private async handOver(
    challenge: LiveChallenge,
    { message, generation }: MessageOfCode,
    client: RequestClient,
  ): Promise<DeliveryState> {
    const { deliverer, events, sentMessages } = this.parts;
    const { earlier, ...result } = await deliverer.deliver(message);
    const about = { ...eventChallenge(challenge), ...client.network };
    const failures = result.outcome === 'failed' ? [...earlier, result] : earlier;
    for (const { transport, reason, detail } of failures) {
      events.emit('delivery.failed', { ...about, transport, reason, ...(detail === undefined ? {} : { detail }) });
    }
    if (result.outcome === 'accepted') {
      const { transport, messageId } = result;
      events.emit('delivery.accepted', { ...about, transport });
      sentMessages.remember({ challenge, generation, transport, messageId });
      return 'sent';
    }
    return result.reason === 'unknown-outcome' ? 'unknown' : 'failed';
  }

  /** Telemetry only, so a store that is lost just now costs nobody the login. */
  record({ ref }: OpenedChallengeId, generation: number, delivery: DeliveryState): void {
    this.parts.store.challenges.replaceIf(ref, generation, { kind: 'delivery', delivery }).catch(() => undefined);
  }
}

/** What a code is entered for, and in which session. */
export interface CodeBinding {
  readonly transaction: Transaction;
  readonly session: Buffer | undefined;
}

/**
 * The hash input of a code; the pepper is that of the secret which sealed the challenge's id. A code is made for the
 * binding of its challenge, and compared for that of the request which brings it.
 */
export function hashInput(
  parts: OtpParts,
  { id, purpose, payload }: LiveChallenge,
  { code, transaction, session }: CodeBinding & { readonly code: string },
): Buffer {
  const context: CodeContext = {
    namespace: parts.store.namespace,
    purpose: purpose.name,
    handsetKey: payload.number.handsetKey,
    subject: payload.subject,
    challengeId: id.ref.id,
    ...transactionHashes(transaction),
    session,
    code,
  };
  return codeInput(id.secret.key('pepper'), context);
}
