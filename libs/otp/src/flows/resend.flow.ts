import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { sealPayload } from '../challenge/challenge-payload.js';
import type { Channel } from '../phone/channel.js';
import type { Seat } from '../hashing/hash-seats.js';
import type { StoredChallenge } from '../stores/otp-store.js';
import type { OtpEventMap, SendRefusal } from '../telemetry/event-types.js';
import { chooseChannel, nextChannel } from './choose-channel.js';
import { CodeSender } from './code-sender.js';
import { isAllowed, NOT_ALLOWED } from './destination.js';
import { HeldSeat } from './held-seat.js';
import { challengeView, eventChallenge, type LiveChallenge, openChallenge } from './live-challenge.js';
import { orGiveBack } from './or-give-back.js';
import type { OtpParts } from './otp-parts.js';
import { segmentsOf } from './outgoing-message.js';
import { earlierClient, type RequestClient, requestClient, seatKeys } from './request-context.js';
import { type OtpClientOption, type ResendResult, type Throttled, wholeSeconds } from './results.js';
import { type Admitted, type Refused, SendGate, sentMessage } from './send-gate.js';
import { answering, BUSY } from './store-failures.js';

export interface ResendRequest {
  readonly challengeId: string;
  /** @default that of the message before */
  readonly channel?: Channel | undefined;
  readonly client: OtpClientOption;
  readonly signal?: AbortSignal | undefined;
}

/** A message of which a receipt says that it failed. */
export interface FailedMessage {
  readonly id: OpenedChallengeId;
  /** Of its code. */
  readonly generation: number;
}

interface Wish {
  readonly challengeId: string;
  readonly channel?: Channel | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Nobody asked: it is in the place of the message of this generation. */
  readonly insteadOf?: number;
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
    return this.answer(request, id, client);
  }

  /** By the purpose's next channel, where there is one; refused by the limits as any other, but for the cooldown. */
  async sendInstead({ id, generation }: FailedMessage): Promise<void> {
    const found = await this.parts.store.challenges.find(id.ref);
    const challenge = found && openChallenge(this.parts.purposes, id, found);
    const channel = challenge && nextChannel(challenge.purpose, challenge.payload.channel);
    if (challenge !== undefined && channel !== undefined && found?.generation === generation) {
      const client = earlierClient(challenge.payload.messages.at(-1)?.ipGroup);
      await this.answer({ challengeId: this.parts.ids.seal(id), channel, insteadOf: generation }, id, client);
    }
  }

  private async answer(wish: Wish, id: OpenedChallengeId, client: RequestClient): Promise<ResendResult> {
    const result = await answering(() => this.resend(wish, id, client));
    if (result.outcome === 'busy' || result.outcome === 'store_unavailable') {
      this.refused(result.outcome, client);
    }
    return result;
  }

  private async resend(request: Wish, id: OpenedChallengeId, client: RequestClient): Promise<ResendResult> {
    const { seats, store } = this.parts;
    const { key } = id.ref;
    const seat = HeldSeat.take(seats, 'issue', seatKeys(key, id.lane, client));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const found = await store.challenges.find(id.ref);
      const challenge = found && openChallenge(this.parts.purposes, id, found);
      const isOutdated = request.insteadOf !== undefined && request.insteadOf !== found?.generation;
      if (found === undefined || challenge === undefined || isOutdated) {
        return this.gone(client);
      }
      const { number } = challenge.payload;
      const channel = chooseChannel(challenge.purpose, request.channel, challenge.payload.channel);
      if (typeof channel !== 'string') {
        this.refused('invalid_channel', client, eventChallenge(challenge));
        return channel;
      }
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
      const { subject, transaction } = payload;
      const { lane } = id;
      const segments = segmentsOf(this.parts, { ...payload, purpose, channel, details: transaction.details });
      const about = {
        number,
        key,
        lane,
        client,
        purpose,
        subject,
        channel,
        segments,
        resend: true,
        automatic: request.insteadOf !== undefined,
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
      const moved = { ...challenge, payload: { ...payload, channel } };
      return await this.replaceAndSend(request, { challenge: moved, client, found, admitted, seat });
    } finally {
      seat.leave();
    }
  }

  /** From here the old code is dead: of a resend and a right answer that race, one wins as a whole. */
  private async replaceAndSend(
    request: Wish,
    state: { challenge: LiveChallenge; client: RequestClient; found: Found; admitted: Admitted; seat: Seat },
  ): Promise<ResendResult> {
    const { events, limits, store } = this.parts;
    const { admitted, client, found } = state;
    const { decision } = admitted;
    const { id, purpose, payload } = state.challenge;
    const sent = sentMessage(admitted, client);
    const challenge: LiveChallenge = {
      ...state.challenge,
      // Once a decoy, always one: nobody is to see a message come late.
      payload: {
        ...payload,
        decoy: payload.decoy || admitted.decoy,
        // A test number that has expired meanwhile is one like any other: it pays for a message, so it gets one.
        test: admitted.test,
        messages: [...payload.messages, sent],
      },
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
      const automatic = request.insteadOf === undefined ? {} : { automatic: true as const };
      events.emit('challenge.resent', { ...about, ...automatic, sendsRemaining });
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
