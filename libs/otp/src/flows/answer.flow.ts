import { randomUUID } from 'node:crypto';
import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { readCode } from '../code/read-code.js';
import { randomBytes } from '../secrets/random-bytes.js';
import type { Seat } from '../hashing/hash-seats.js';
import type { LimitRefusal, Reservation } from '../stores/otp-store.js';
import type { AnswerRefusal } from '../telemetry/event-types.js';
import { hashInput } from './code-sender.js';
import { eventChallenge, type LiveChallenge, openChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import { type RequestClient, requestClient, seatKeys } from './request-context.js';
import { type OtpClientOption, type Verified, type VerifyResult, wholeSeconds } from './results.js';
import { answering, BUSY } from './store-failures.js';

export interface AnswerRequest {
  readonly challengeId: string;
  readonly code: unknown;
  /** A challenge of another purpose is as good as none. Missing only on the built-in route, which serves them all. */
  readonly expectedPurpose: string | undefined;
  readonly client: OtpClientOption;
  readonly signal?: AbortSignal | undefined;
}

type Reserved = Extract<Reservation, { outcome: 'reserved' }>;

/** challenge id opened → hash seat → attempt reserved → hash compared → challenge consumed → proof signed */
export class AnswerFlow {
  constructor(private readonly parts: OtpParts) {}

  async run(request: AnswerRequest): Promise<VerifyResult> {
    const client = requestClient(this.parts, request.client);
    const reading = readCode(request.code);
    if (reading.outcome === 'invalid') {
      this.refused('invalid_code', client);
      return { outcome: 'invalid_code', detail: reading.detail };
    }
    const id = this.parts.ids.open(request.challengeId);
    if (id === undefined) {
      this.refused('challenge_gone', client);
      return { outcome: 'challenge_gone' };
    }
    const result = await answering(() => this.answer(request, { id, code: reading.code, client }));
    if (result.outcome === 'busy' || result.outcome === 'store_unavailable') {
      this.refused(result.outcome, client);
    }
    return result;
  }

  private async answer(
    request: AnswerRequest,
    { id, code, client }: { id: OpenedChallengeId; code: string; client: RequestClient },
  ): Promise<VerifyResult> {
    const { limits, seats, store } = this.parts;
    const keys = { number: id.ref.key, ip: client.key };
    const seat = seats.take('verify', seatKeys(keys));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const reservation = await store.challenges.reserveAttempt(id.ref, limits.attempt(keys));
      switch (reservation.outcome) {
        case 'gone':
          this.refused('challenge_gone', client);
          return { outcome: 'challenge_gone' };
        case 'exhausted':
          this.refused('attempts_exhausted', client);
          return { outcome: 'attempts_exhausted' };
        case 'refused':
          return this.limited(reservation, client);
        case 'reserved':
          return await this.compare(request, { id, code, client, reservation, seat });
      }
    } finally {
      seat.leave();
    }
  }

  private async compare(
    request: AnswerRequest,
    reserved: { id: OpenedChallengeId; code: string; client: RequestClient; reservation: Reserved; seat: Seat },
  ): Promise<VerifyResult> {
    const { events, hasher } = this.parts;
    const { client, reservation } = reserved;
    const challenge = openChallenge(this.parts.purposes, reserved.id, reservation.challenge);
    if (challenge === undefined) {
      this.refused('challenge_gone', client);
      return { outcome: 'challenge_gone' };
    }
    if (request.expectedPurpose !== undefined && challenge.purpose.name !== request.expectedPurpose) {
      this.refused('wrong_purpose', client, challenge);
      return { outcome: 'challenge_gone' };
    }

    const input = hashInput(this.parts, challenge, reserved.code);
    const correct = await reserved.seat.run(() => hasher.verify(input, reservation.challenge.hash), request.signal);
    if (correct) {
      return this.consume(challenge, { reservation, client });
    }
    const { attemptsRemaining } = reservation.challenge;
    events.emit('challenge.failed', { ...eventChallenge(challenge), ...client.network, attemptsRemaining });
    return { outcome: 'incorrect_code', attemptsRemaining };
  }

  /** One of any number of right answers gets here first; the charge of a right answer is returned with it. */
  private async consume(
    challenge: LiveChallenge,
    { reservation, client }: { reservation: Reserved; client: RequestClient },
  ): Promise<VerifyResult> {
    const { generation, attemptsRemaining } = reservation.challenge;
    const consumed = await this.parts.store.challenges.replaceIf(challenge.id.ref, generation, {
      kind: 'none',
      settle: challenge.payload.charges,
      giveBack: reservation.charges,
      nonce: randomBytes(8),
    });
    if (consumed.outcome === 'replaced') {
      this.parts.events.emit('challenge.verified', { ...eventChallenge(challenge), ...client.network });
      return this.verified(challenge);
    }
    if (consumed.live) {
      this.refused('superseded', client, challenge);
      return { outcome: 'incorrect_code', attemptsRemaining };
    }
    this.refused('challenge_gone', client, challenge);
    return { outcome: 'challenge_gone' };
  }

  private async verified({ purpose, payload }: LiveChallenge): Promise<Verified> {
    const about = {
      phoneNumber: payload.number.e164,
      purpose: purpose.name,
      subject: payload.subject,
      amr: [payload.channel === 'sms' ? 'sms' : 'otp'],
    };
    const { proof, expiresAt } = await this.parts.proofs.sign(about, randomUUID());
    return { outcome: 'verified', ...about, proof, expiresAt: new Date(expiresAt * 1000).toISOString() };
  }

  private limited({ kind, limit, retryAfterMs }: LimitRefusal, client: RequestClient): VerifyResult {
    const retryAfterSeconds = wholeSeconds(retryAfterMs);
    if (kind === 'number') {
      this.refused('number_locked', client, undefined, { limit });
      return { outcome: 'attempts_exhausted' };
    }
    this.refused('throttled', client, undefined, { limit, retryAfterSeconds });
    return { outcome: 'throttled', retryAfterSeconds };
  }

  private refused(
    reason: AnswerRefusal,
    client: RequestClient,
    challenge?: LiveChallenge,
    more: { readonly limit?: string; readonly retryAfterSeconds?: number } = {},
  ): void {
    const about = challenge ? eventChallenge(challenge) : {};
    this.parts.events.emit('answer.refused', { ...about, ...client.network, ...more, reason });
  }
}
