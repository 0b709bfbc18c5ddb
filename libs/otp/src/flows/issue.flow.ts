import { sealPayload } from '../challenge/challenge-payload.js';
import type { Purpose } from '../challenge/purpose.js';
import { readLocale } from '../message/choose-template.js';
import type { PhoneInput, PhoneNumber } from '../phone/phone-number.types.js';
import { type LimitRefusal, type LimitsTaken, type RecordKey, StoreUnavailableError } from '../stores/otp-store.js';
import { CodeSender, type MadeCode } from './code-sender.js';
import { isAllowed, NOT_ALLOWED } from './destination.js';
import { challengeView, eventChallenge, eventNumber, type LiveChallenge } from './live-challenge.js';
import { numberCharges, orGiveBack } from './or-give-back.js';
import type { OtpParts } from './otp-parts.js';
import { type RequestClient, requestClient, seatKeys } from './request-context.js';
import { type IssueResult, type OtpClientOption, type Throttled, wholeSeconds } from './results.js';
import { answering, BUSY } from './store-failures.js';

export interface IssueRequest extends PhoneInput {
  readonly purpose: Purpose;
  readonly subject?: string | undefined;
  readonly locale?: string | undefined;
  readonly client: OtpClientOption;
  /** Aborts when the client hangs up: a request that still waits for its hash leaves the queue. */
  readonly signal?: AbortSignal | undefined;
}

interface StoredCode {
  /** In clear: for the message alone. */
  readonly code: string;
  readonly expiresAt: number;
}

/** number → hash seat → limits → code → hash → challenge stored → message sent */
export class IssueFlow {
  private readonly sender: CodeSender;

  constructor(private readonly parts: OtpParts) {
    this.sender = new CodeSender(parts);
  }

  async run(request: IssueRequest): Promise<IssueResult> {
    const { events } = this.parts;
    const client = requestClient(this.parts, request.client);
    const reading = this.parts.readPhoneNumber(request);
    if (reading.outcome !== 'ok') {
      events.emit('challenge.refused', { ...client.network, reason: reading.outcome, purpose: request.purpose.name });
      return reading;
    }
    const { number } = reading;
    if (!(await isAllowed(this.parts.allowDestination, { number, purpose: request.purpose }))) {
      events.emit('challenge.refused', {
        ...client.network,
        reason: 'destination_not_allowed',
        purpose: request.purpose.name,
      });
      return NOT_ALLOWED;
    }
    const result = await answering(() => this.issue(request, number, client));
    if (result.outcome === 'busy' || result.outcome === 'store_unavailable') {
      events.emit('challenge.refused', { ...client.network, reason: result.outcome, purpose: request.purpose.name });
    }
    return result;
  }

  private async issue(request: IssueRequest, number: PhoneNumber, client: RequestClient): Promise<IssueResult> {
    const { index, limits, seats, store } = this.parts;
    const keys = { number: index.number(number.handsetKey), ip: client.key };
    const seat = seats.take('issue', seatKeys(keys));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const decision = await store.limits.take(limits.send(keys));
      if (decision.outcome === 'refused') {
        return this.throttled(decision, { request, number, key: keys.number, client });
      }
      const { purpose, subject } = request;
      const locale = readLocale(request.locale);
      const challenge: LiveChallenge = {
        id: this.parts.ids.create(keys.number),
        purpose,
        payload: { number, purpose: purpose.name, subject, locale, channel: 'sms', charges: decision.charges },
      };
      const { charges } = decision;
      const stored = await orGiveBack(
        this.parts,
        { charges, client, purpose: purpose.name, signal: request.signal },
        async () => this.store(challenge, await this.sender.make(challenge, seat, request.signal)),
      );
      return await this.send(challenge, { ...stored, decision }, client);
    } finally {
      seat.leave();
    }
  }

  private async store(challenge: LiveChallenge, { code, hash }: MadeCode): Promise<StoredCode> {
    const { id, purpose, payload } = challenge;
    const [numberCharge] = numberCharges(payload.charges);
    if (numberCharge === undefined) {
      throw new Error('The limits took nothing from the number');
    }
    const created = await this.parts.store.challenges.create(
      id.ref,
      {
        hash,
        sealed: sealPayload(payload, { ...id, hash }),
        ttlSeconds: purpose.ttlSeconds,
        attempts: purpose.maxAttempts,
        sends: purpose.maxSends - 1,
      },
      numberCharge,
    );
    if (created.outcome === 'lost') {
      throw new StoreUnavailableError("The number's record was lost between two calls");
    }
    return { code, expiresAt: created.expiresAt };
  }

  private async send(
    challenge: LiveChallenge,
    { code, expiresAt, decision }: StoredCode & { readonly decision: LimitsTaken },
    client: RequestClient,
  ): Promise<IssueResult> {
    const { events, ids, store } = this.parts;
    const { id, purpose, payload } = challenge;
    const delivery = await this.sender.send(challenge, { code, generation: 1 }, client);
    if (delivery === 'failed') {
      await store.challenges.replaceIf(id.ref, 1, {
        kind: 'none',
        giveBack: numberCharges(decision.charges),
      });
      return { outcome: 'delivery_failed', retryAfterSeconds: wholeSeconds(decision.nextAt - decision.now) };
    }
    events.emit('challenge.issued', { ...eventChallenge(challenge), ...client.network, channel: payload.channel });
    const view = challengeView(ids.seal(id), challenge, {
      expiresAt,
      resendAt: decision.nextAt,
      attemptsRemaining: purpose.maxAttempts,
      sendsRemaining: purpose.maxSends - 1,
    });
    return { outcome: 'issued', challenge: view };
  }

  private throttled(
    { limit, retryAfterMs }: LimitRefusal,
    about: {
      readonly request: IssueRequest;
      readonly number: PhoneNumber;
      readonly key: RecordKey;
      readonly client: RequestClient;
    },
  ): Throttled {
    const { request, number, key, client } = about;
    const retryAfterSeconds = wholeSeconds(retryAfterMs);
    this.parts.events.emit('challenge.refused', {
      ...eventNumber(number, key),
      ...client.network,
      purpose: request.purpose.name,
      reason: 'throttled',
      limit,
      retryAfterSeconds,
    });
    return { outcome: 'throttled', retryAfterSeconds };
  }
}
