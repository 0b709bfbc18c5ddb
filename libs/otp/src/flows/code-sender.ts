import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { type Transaction, transactionHashes } from '../challenge/transaction.js';
import { type CodeContext, codeInput } from '../hashing/code-input.js';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import type { Seat } from '../hashing/hash-seats.js';
import { composeMessage } from '../message/compose-message.js';
import type { DeliveryState } from '../stores/otp-store.js';
import { eventChallenge, type LiveChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import type { RequestClient } from './request-context.js';

/** Runs what must not be seen in the time of the answer, when that is given. */
export type Afterwards = (work: () => void) => void;

export interface MadeCode {
  /** The only place where the code is in clear. */
  readonly message: OutgoingMessage;
  readonly hash: Buffer;
}

const NO_CODE = 'decoy';

/** What issuing and resending share: making a code, its hash and its message, and handing the message over. */
export class CodeSender {
  constructor(private readonly parts: OtpParts) {}

  /** Makes a code and hashes it when the seat's turn comes. A decoy's hash is of none that anybody could type. */
  async make(challenge: LiveChallenge, seat: Seat, signal: AbortSignal | undefined): Promise<MadeCode> {
    const code = this.parts.makeCode(challenge.purpose.codeLength);
    const { transaction, session, decoy } = challenge.payload;
    const message = this.compose(challenge, code);
    const input = hashInput(this.parts, challenge, { transaction, session, code: decoy ? NO_CODE : code });
    return { message, hash: await seat.run(() => this.parts.hasher.hash(input), signal) };
  }

  /**
   * Hands the message to the transports and tells what became of it: `failed` means that no message left. The store
   * learns of it in the background. Where decoys may be about, nobody waits for a transport and nothing is told of it.
   */
  async send(
    challenge: LiveChallenge,
    { message, generation }: { readonly message: OutgoingMessage; readonly generation: number },
    { client, after = setImmediate }: { readonly client: RequestClient; readonly after?: Afterwards | undefined },
  ): Promise<DeliveryState> {
    if (this.parts.risk?.decoys !== true) {
      const state = await this.handOver(challenge, message, client);
      if (state !== 'failed') {
        this.record(challenge.id, generation, state);
      }
      return state;
    }
    after(() => {
      this.record(challenge.id, generation, 'sent');
      if (!challenge.payload.decoy) {
        void this.handOver(challenge, message, client);
      }
    });
    return 'sent';
  }

  private compose({ purpose, payload }: LiveChallenge, code: string): OutgoingMessage {
    const { text, locale } = composeMessage({
      ...this.parts.message,
      code,
      ttlSeconds: purpose.ttlSeconds,
      purpose: purpose.name,
      binding: payload.transaction.details,
      template: purpose.message,
      ...(payload.locale === undefined ? {} : { locale: payload.locale }),
    });
    const { e164, country } = payload.number;
    return { to: e164, text, locale, channel: payload.channel, country, purpose: purpose.name };
  }

  private async handOver(
    challenge: LiveChallenge,
    message: OutgoingMessage,
    client: RequestClient,
  ): Promise<DeliveryState> {
    const { deliver, events } = this.parts;
    const result = await deliver(message);
    const about = { ...eventChallenge(challenge), ...client.network };
    if (result.outcome === 'accepted') {
      events.emit('delivery.accepted', { ...about, transport: result.transport });
      return 'sent';
    }
    const detail = result.detail === undefined ? {} : { detail: result.detail };
    events.emit('delivery.failed', { ...about, transport: result.transport, reason: result.reason, ...detail });
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
