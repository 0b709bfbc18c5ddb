import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { sealPayload } from '../challenge/challenge-payload.js';
import type { Seat } from '../hashing/hash-seats.js';
import type { StoredChallenge } from '../stores/otp-store.js';
import type { OtpEventMap, SendRefusal } from '../telemetry/event-types.js';
import { CodeSender } from './code-sender.js';
import { isAllowed, NOT_ALLOWED } from './destination.js';
import { HeldSeat } from './held-seat.js';
import { challengeView, eventChallenge, type LiveChallenge, openChallenge } from './live-challenge.js';
import { orGiveBack } from './or-give-back.js';
import type { OtpParts } from './otp-parts.js';
import { type RequestClient, requestClient, seatKeys } from './request-context.js';
import { type OtpClientOption, type ResendResult, type Throttled, wholeSeconds } from './results.js';
import { type Admitted, type Refused, SendGate } from './send-gate.js';
import { answering, BUSY } from './store-failures.js';

export interface ResendRequest {
  readonly challengeId: string;
  readonly client: OtpClientOption;
  readonly signal?: AbortSignal | undefined;
}

type Found = StoredChallenge & { readonly now: number };

/** challenge id opened → hash seat → challenge found → limits → risk → new code → hash → code replaced → message sent */
export class ResendFlow {
  private readonly gate: SendGate;
  private readonly sender: CodeSender;

  constructor(private readonly parts: OtpParts) {
    this.gate = new SendGate(parts);
    this.sender = new CodeSender(parts);
  }

  async run(request: ResendRequest): Promise<ResendResult> {
    const client = requestClient(this.parts, request.client);
    const id = this.parts.ids.open(request.challengeId);
    if (id === undefined) {
      return this.gone(client);
    }
    const result = await answering(() => this.resend(request, id, client));
    if (result.outcome === 'busy' || result.outcome === 'store_unavailable') {
      this.refused(result.outcome, client);
    }
    return result;
  }

  private async resend(request: ResendRequest, id: OpenedChallengeId, client: RequestClient): Promise<ResendResult> {
    const { seats, store } = this.parts;
    const { key } = id.ref;
    const seat = HeldSeat.take(seats, 'issue', seatKeys(key, id.lane, client));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const found = await store.challenges.find(id.ref);
      const challenge = found && openChallenge(this.parts.purposes, id, found);
      if (found === undefined || challenge === undefined) {
        return this.gone(client);
      }
      const { number } = challenge.payload;
      const asked = { number, purpose: challenge.purpose };
      if (!(await seat.without(() => isAllowed(this.parts.allowDestination, asked)))) {
        this.refused('destination_not_allowed', client, eventChallenge(challenge));
        return NOT_ALLOWED;
      }
      if (found.attemptsRemaining < 1) {
        // No code could be answered any more, so none is paid for.
        this.refused('attempts_exhausted', client, eventChallenge(challenge));
        return { outcome: 'attempts_exhausted' };
      }
      if (found.sendsRemaining < 1) {
        const retryAfterMs = found.expiresAt - found.now;
        return this.throttled({ reason: 'sends_used_up', retryAfterMs }, { challenge, client });
      }
      const { purpose, payload } = challenge;
      const { subject, channel } = payload;
      const { lane } = id;
      const about = {
        number,
        key,
        lane,
        client,
        purpose,
        subject,
        channel,
        resend: true,
        seat,
        signal: request.signal,
      };
      const admitted = await this.gate.admit(about);
      if (admitted.outcome === 'no_such_lane') {
        // The device is trusted no more, so nobody could answer.
        return this.gone(client);
      }
      if (admitted.outcome === 'refused') {
        return this.throttled(admitted, { challenge, client });
      }
      return await this.replaceAndSend(request, { challenge, client, found, admitted, seat });
    } finally {
      seat.leave();
    }
  }

  /** From here the old code is dead: of a resend and a right answer that race, one wins as a whole. */
  private async replaceAndSend(
    request: ResendRequest,
    state: { challenge: LiveChallenge; client: RequestClient; found: Found; admitted: Admitted; seat: Seat },
  ): Promise<ResendResult> {
    const { events, limits, store } = this.parts;
    const { admitted, client, found } = state;
    const { decision, at } = admitted;
    const { id, purpose, payload } = state.challenge;
    const sent = { at, ipGroup: client.ipGroup, counted: !decision.known };
    const challenge: LiveChallenge = {
      ...state.challenge,
      // Once a decoy, always one: nobody is to see a message come late.
      payload: { ...payload, decoy: payload.decoy || admitted.decoy, messages: [...payload.messages, sent] },
    };
    const replaced = await orGiveBack(
      this.parts,
      { charges: decision.charges, client, purpose: purpose.name, signal: request.signal },
      async () => {
        const { message, hash } = await this.sender.make(challenge, state.seat, request.signal);
        const sealed = sealPayload(challenge.payload, { ...id, hash });
        const next = { hash, sealed, ttlSeconds: purpose.ttlSeconds };
        return {
          message,
          ...(await store.challenges.replaceIf(id.ref, found.generation, { kind: 'code', code: next })),
        };
      },
    );
    if (replaced.outcome === 'stale') {
      await store.limits.giveBack(limits.givenBack(decision.charges));
      return this.gone(client);
    }

    const generation = found.generation + 1;
    const sendsRemaining = found.sendsRemaining - 1;
    const delivery = await this.sender.send(challenge, { message: replaced.message, generation }, { client });
    if (delivery === 'failed') {
      this.sender.record(id, generation, 'failed');
      await store.limits.giveBack(limits.givenBackOfChallenge(decision.charges));
      await this.gate.failed(client);
      return { outcome: 'delivery_failed', retryAfterSeconds: wholeSeconds(decision.nextAt - decision.now) };
    }
    const { channel } = payload;
    const about = { ...eventChallenge(challenge), ...client.network, channel };
    if (challenge.payload.decoy) {
      events.emit('challenge.decoyed', about);
    } else {
      events.emit('challenge.resent', { ...about, sendsRemaining });
    }
    const view = challengeView(request.challengeId, challenge, {
      expiresAt: replaced.expiresAt,
      resendAt: decision.nextAt,
      attemptsRemaining: found.attemptsRemaining,
      sendsRemaining,
    });
    return { outcome: 'resent', challenge: view };
  }

  private gone(client: RequestClient): ResendResult {
    this.refused('challenge_gone', client);
    return { outcome: 'challenge_gone' };
  }

  private throttled(
    {
      reason,
      limit,
      detail,
      retryAfterMs,
    }: Pick<Refused, 'limit' | 'detail' | 'retryAfterMs'> & { readonly reason: SendRefusal },
    { challenge, client }: { challenge: LiveChallenge; client: RequestClient },
  ): Throttled {
    const retryAfterSeconds = wholeSeconds(retryAfterMs);
    this.refused(reason, client, {
      ...eventChallenge(challenge),
      ...(limit === undefined ? {} : { limit }),
      ...(detail === undefined ? {} : { detail }),
      retryAfterSeconds,
    });
    return { outcome: 'throttled', retryAfterSeconds };
  }

  private refused(
    reason: SendRefusal,
    client: RequestClient,
    about: Partial<OtpEventMap['challenge.refused']> = {},
  ): void {
    this.parts.events.emit('challenge.refused', { ...about, ...client.network, reason });
  }
}
