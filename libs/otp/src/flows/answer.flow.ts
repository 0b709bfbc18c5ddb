import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { type Transaction, transactionHashes } from '../challenge/transaction.js';
import type { Channel } from '../phone/channel.js';
import { readCode } from '../code/read-code.js';
import { randomBytes } from '../secrets/random-bytes.js';
import type { BindingDetails } from '../message/message-template.js';
import type { Seat } from '../hashing/hash-seats.js';
import type { LimitRefusal, Reservation } from '../stores/otp-store.js';
import type { AnswerRefusal } from '../telemetry/event-types.js';
import { hashInput } from './code-sender.js';
import { eventChallenge, eventNumber, type LiveChallenge, openChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import { type DeviceToRemember, rememberedDevice } from './remembered-device.js';
import { type RequestClient, requestClient, seatKeys, sessionHash } from './request-context.js';
import { type OtpClientOption, type Verified, type VerifyResult, wholeSeconds } from './results.js';
import { answering, BUSY } from './store-failures.js';

export interface AnswerRequest {
  readonly challengeId: string;
  readonly code: unknown;
  /** What the caller knows of the challenge that it means; another is as good as none. */
  readonly expected: ExpectedChallenge;
  /** Opaque text of the client's session. */
  readonly session?: string | undefined;
  readonly client: OtpClientOption;
  /** Whether a success leaves a device token. */
  readonly rememberDevice?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Each member that is given must be the challenge's. */
export interface ExpectedChallenge {
  /** Missing only on the built-in route, which serves them all. */
  readonly purpose?: string | undefined;
  /** In any spelling. */
  readonly phoneNumber?: string | undefined;
  /** `null` expects a challenge without a subject. */
  readonly subject?: string | null | undefined;
  /** What the code is entered for; for anything else it is wrong, which costs an attempt. `null` expects none. */
  readonly details?: BindingDetails | null | undefined;
  /** `canonicalHash` of what is called. A challenge without an action may be answered for any. */
  readonly action?: Buffer | undefined;
}

/** RFC 8176 §2; there is none for the others but that the code was one for this time. */
const AMR: Readonly<Record<Channel, string>> = { sms: 'sms', voice: 'tel', whatsapp: 'otp', email: 'otp' };

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
    if (!this.isOfNumber(id, request.expected)) {
      this.refused('not_the_caller', client);
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
    const { limits, seats, store, testNumbers } = this.parts;
    const { key } = id.ref;
    // A test number's wrong codes are its own: tests of an application do not lock out the office they run in.
    const ipGroup = testNumbers.has(key) ? undefined : client.ipGroup;
    const subject = { number: key, lane: id.lane, ipGroup };
    const seat = seats.take('verify', seatKeys(id.ref.key, id.lane, client));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const reservation = await store.challenges.reserveAttempt(id.ref, limits.attempt(subject));
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
          this.parts.alerts.tell({ usedUp: reservation.usedUp, refused: false, network: client.network });
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
    if (challenge === undefined || this.isOfExpiredTestNumber(challenge)) {
      this.refused('challenge_gone', client);
      return { outcome: 'challenge_gone' };
    }
    const mismatch = mismatchOf(challenge, request.expected);
    if (mismatch !== undefined) {
      this.refused(mismatch, client, challenge);
      return { outcome: 'challenge_gone' };
    }

    const transaction = enteredFor(challenge.payload.transaction, request.expected);
    const session = sessionHash(request.session);
    const input = hashInput(this.parts, challenge, { transaction, session, code: reserved.code });
    const correct = await reserved.seat.run(() => hasher.verify(input, reservation.challenge.hash), request.signal);
    if (correct) {
      return this.consume(challenge, {
        reservation,
        client,
        remember: rememberedDevice(this.parts, request, challenge),
      });
    }
    if (!challenge.payload.test) {
      void this.countWrongCode(challenge, client);
    }
    const { attemptsRemaining } = reservation.challenge;
    const own = hashInput(this.parts, challenge, { ...challenge.payload, code: reserved.code });
    const reason = input.equals(own) ? 'wrong_code' : 'wrong_binding';
    events.emit('challenge.failed', { ...eventChallenge(challenge), ...client.network, reason, attemptsRemaining });
    return { outcome: 'incorrect_code', attemptsRemaining };
  }

  /** Its code stands in the options, and is worth nothing from the day on that stands there too. */
  private isOfExpiredTestNumber({ id, payload }: LiveChallenge): boolean {
    return payload.test && !this.parts.testNumbers.has(id.ref.key);
  }

  /** Before the store is asked: a challenge of another number costs nobody an attempt. */
  private isOfNumber({ ref }: OpenedChallengeId, { phoneNumber }: ExpectedChallenge): boolean {
    if (phoneNumber === undefined) {
      return true;
    }
    const reading = this.parts.readPhoneNumber({ phoneNumber });
    return reading.outcome === 'ok' && this.parts.index.number(reading.number.handsetKey).index === ref.key.index;
  }

  /** One of any number of right answers gets here first; the charge of a right answer is returned with it. */
  private async consume(
    challenge: LiveChallenge,
    {
      reservation,
      client,
      remember,
    }: { reservation: Reserved; client: RequestClient; remember?: DeviceToRemember | undefined },
  ): Promise<VerifyResult> {
    const { clock, events, feedback, limits, store } = this.parts;
    const { generation, attemptsRemaining } = reservation.challenge;
    const { id, payload } = challenge;
    const { number, messages } = payload;
    const attempt = limits.settledAttempt(reservation.charges, payload.test ? undefined : clock.now());
    const consumed = await store.challenges.replaceIf(id.ref, generation, {
      kind: 'none',
      settle: [...limits.settled({ number: id.ref.key, lane: id.lane }, number, messages), ...attempt.settle],
      giveBack: attempt.giveBack,
      nonce: randomBytes(8),
      answered: { ...limits.answered(number, messages.at(-1)?.ipGroup), ...(remember ? { remember } : {}) },
    });
    if (consumed.outcome === 'replaced') {
      events.emit('challenge.verified', { ...eventChallenge(challenge), ...client.network });
      feedback.tell(challenge, generation);
      return this.verified(challenge, client, remember);
    }
    if (consumed.live) {
      this.refused('superseded', client, challenge);
      return { outcome: 'incorrect_code', attemptsRemaining };
    }
    this.refused('challenge_gone', client, challenge);
    return { outcome: 'challenge_gone' };
  }

  private async verified(
    { id, purpose, payload }: LiveChallenge,
    client: RequestClient,
    remember: DeviceToRemember | undefined,
  ): Promise<Verified> {
    const { devices, events, proofs } = this.parts;
    const about = {
      phoneNumber: payload.number.e164,
      purpose: purpose.name,
      subject: payload.subject,
      amr: [AMR[payload.channel]],
    };
    const { details, action } = transactionHashes(payload.transaction);
    const { proof, otp } = await proofs.sign({
      ...about,
      binding: details?.toString('base64url'),
      action: action?.toString('base64url'),
      audience: purpose.audience,
    });
    const result = {
      outcome: 'verified',
      ...about,
      binding: payload.transaction.details,
      proof,
      otp,
      expiresAt: new Date(otp.expiresAt * 1000).toISOString(),
    } as const;
    if (remember === undefined) {
      return result;
    }
    const { key } = id.ref;
    const rotated = remember.replaces === id.lane;
    events.emit('device.remembered', { ...eventNumber(payload.number, key), ...client.network, rotated });
    return { ...result, deviceToken: devices.issue(key, remember.lane) };
  }

  /** Everybody's wrong codes together raise an alarm and refuse nobody, so the answer does not wait for it. */
  private async countWrongCode({ payload }: LiveChallenge, { network }: RequestClient): Promise<void> {
    const { alerts, limits, store } = this.parts;
    const decision = await store.limits.take(limits.wrongCode()).catch(() => undefined);
    if (decision?.outcome === 'taken') {
      alerts.tell({ usedUp: decision.usedUp, refused: false, country: payload.number.country, network });
    }
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

function mismatchOf({ purpose, payload }: LiveChallenge, expected: ExpectedChallenge): AnswerRefusal | undefined {
  if (expected.purpose !== undefined && purpose.name !== expected.purpose) {
    return 'wrong_purpose';
  }
  if (expected.subject !== undefined && (payload.subject ?? null) !== expected.subject) {
    return 'not_the_caller';
  }
  return undefined;
}

function enteredFor(own: Transaction, { details, action }: ExpectedChallenge): Transaction {
  return {
    details: details === undefined ? own.details : (details ?? undefined),
    action: own.action && (action ?? own.action),
  };
}
