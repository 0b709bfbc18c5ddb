import { sealPayload } from '../challenge/challenge-payload.js';
import type { Purpose } from '../challenge/purpose.js';
import { NO_TRANSACTION, type Transaction } from '../challenge/transaction.js';
import type { Channel } from '../phone/channel.js';
import type { OutgoingMessage } from '../delivery/sms-transport.js';
import { chooseChannel } from './choose-channel.js';
import { readLocale } from '../message/language-tags.js';
import type { PhoneInput, PhoneNumber } from '../phone/phone-number.types.js';
import { type Lane, type LimitsTaken, type RecordKey, StoreUnavailableError } from '../stores/otp-store.js';
import { type Afterwards, CodeSender, type MadeCode } from './code-sender.js';
import { isAllowed, NOT_ALLOWED } from './destination.js';
import { HeldSeat } from './held-seat.js';
import { challengeView, eventChallenge, eventLane, eventNumber, type LiveChallenge } from './live-challenge.js';
import { orGiveBack } from './or-give-back.js';
import type { OtpParts } from './otp-parts.js';
import { segmentsOf } from './outgoing-message.js';
import { type RequestClient, requestClient, seatKeys, sessionHash } from './request-context.js';
import { type Admitted, type MessageRequest, type Refused, SendGate, sentMessage } from './send-gate.js';
import { type IssueResult, type OtpClientOption, type Throttled, wholeSeconds } from './results.js';
import { answering, BUSY } from './store-failures.js';

export interface IssueRequest extends PhoneInput {
  readonly purpose: Purpose;
  readonly subject?: string | undefined;
  readonly locale?: string | undefined;
  /** @default the first of the purpose's */
  readonly channel?: Channel | undefined;
  /** @default NO_TRANSACTION */
  readonly transaction?: Transaction | undefined;
  /** Opaque text of the client's session; from another the code is wrong. */
  readonly session?: string | undefined;
  readonly client: OtpClientOption;
  /** The application has authenticated the subject: the challenge has budgets of its own. */
  readonly vouched?: boolean | undefined;
  /** @default setImmediate */
  readonly after?: Afterwards | undefined;
  /** Aborts when the client hangs up: a request that still waits for its hash leaves the queue. */
  readonly signal?: AbortSignal | undefined;
}

interface StoredCode {
  readonly message: OutgoingMessage;
  readonly expiresAt: number;
}

/** number → hash seat → limits → risk → code → hash → challenge stored → message sent */
export class IssueFlow {
  private readonly gate: SendGate;
  private readonly sender: CodeSender;

  constructor(private readonly parts: OtpParts) {
    this.gate = new SendGate(parts);
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
    const channel = chooseChannel(request.purpose, request.channel);
    if (typeof channel !== 'string') {
      events.emit('challenge.refused', { ...client.network, reason: 'invalid_channel', purpose: request.purpose.name });
      return channel;
    }
    if (!(await isAllowed(this.parts.allowDestination, { number, purpose: request.purpose }))) {
      events.emit('challenge.refused', {
        ...client.network,
        reason: 'destination_not_allowed',
        purpose: request.purpose.name,
      });
      return NOT_ALLOWED;
    }
    const result = await answering(() => this.issue({ ...request, channel }, number, client));
    if (result.outcome === 'busy' || result.outcome === 'store_unavailable') {
      events.emit('challenge.refused', { ...client.network, reason: result.outcome, purpose: request.purpose.name });
    }
    return result;
  }

  private async issue(
    request: IssueRequest & { readonly channel: Channel },
    number: PhoneNumber,
    client: RequestClient,
  ): Promise<IssueResult> {
    const { index, seats } = this.parts;
    const key = index.number(number.handsetKey);
    const lanes = this.lanesOf(request, key);
    const seat = HeldSeat.take(seats, 'issue', seatKeys(key, lanes[0], client));
    if (seat === undefined) {
      return BUSY;
    }
    try {
      const { purpose, subject, channel, signal } = request;
      const transaction = request.transaction ?? NO_TRANSACTION;
      const locale = readLocale(request.locale);
      const segments = segmentsOf(this.parts, { purpose, number, channel, locale, details: transaction.details });
      const about = { number, key, client, purpose, subject, channel, segments, resend: false, seat, signal };
      const { lane, admitted } = await this.admit(lanes, about);
      if (admitted.outcome === 'refused') {
        return this.refused(admitted, { ...about, lane });
      }
      const { decision, decoy, test, at } = admitted;
      const challenge: LiveChallenge = {
        id: this.parts.ids.create(key, lane),
        purpose,
        payload: {
          number,
          purpose: purpose.name,
          subject,
          locale,
          channel,
          decoy,
          test,
          transaction,
          session: sessionHash(request.session),
          messages: [sentMessage(admitted, client)],
        },
      };
      const { charges } = decision;
      const stored = await orGiveBack(this.parts, { charges, client, purpose: purpose.name, signal }, async () =>
        this.store(challenge, { at, ...(await this.sender.make(challenge, seat, signal)) }),
      );
      return await this.send(challenge, { ...stored, admitted }, { client, after: request.after });
    } finally {
      seat.leave();
    }
  }

  /** The lane of the device that the client names comes first; a token of another number is as good as none. */
  private lanesOf({ client, vouched }: IssueRequest, key: RecordKey): readonly [Lane, ...Lane[]] {
    const device = client === 'none' ? undefined : this.parts.devices.open(client.deviceToken);
    const lane = vouched === true ? 'vouched' : 'public';
    return device?.key.index === key.index ? [device.lane, lane] : [lane];
  }

  /** In the first lane that the number has. */
  private async admit(
    lanes: readonly Lane[],
    about: Omit<MessageRequest, 'lane'>,
  ): Promise<{ readonly lane: Lane; readonly admitted: Admitted | Refused }> {
    for (const lane of lanes) {
      const admitted = await this.gate.admit({ ...about, lane });
      if (admitted.outcome !== 'no_such_lane') {
        return { lane, admitted };
      }
    }
    throw new Error('Every number has a public and a vouched lane');
  }

  private async store(
    challenge: LiveChallenge,
    { message, hash, at }: MadeCode & { readonly at: number },
  ): Promise<StoredCode> {
    const { id, purpose, payload } = challenge;
    const created = await this.parts.store.challenges.create(
      id.ref,
      {
        hash,
        sealed: sealPayload(payload, { ...id, hash }),
        ttlSeconds: purpose.ttlSeconds,
        attempts: purpose.maxAttempts,
        sends: purpose.maxSends - 1,
      },
      { key: id.ref.key, lane: id.lane, log: 'sends', at },
    );
    if (created.outcome === 'lost') {
      throw new StoreUnavailableError("The number's record was lost between two calls");
    }
    return { message, expiresAt: created.expiresAt };
  }

  private async send(
    challenge: LiveChallenge,
    { message, expiresAt, admitted }: StoredCode & { readonly admitted: Admitted },
    { client, after }: { readonly client: RequestClient; readonly after: Afterwards | undefined },
  ): Promise<IssueResult> {
    const { events, ids } = this.parts;
    const { id, purpose, payload } = challenge;
    const { decision, detail } = admitted;
    const delivery = await this.sender.send(challenge, { message, generation: 1 }, { client, after });
    if (delivery === 'failed') {
      return this.undelivered(challenge, decision, client);
    }
    const about = { ...eventChallenge(challenge), ...client.network, channel: payload.channel };
    if (payload.decoy) {
      events.emit('challenge.decoyed', { ...about, ...(detail === undefined ? {} : { detail }) });
    } else {
      events.emit('challenge.issued', about);
    }
    const view = challengeView(ids.seal(id), challenge, {
      expiresAt,
      resendAt: decision.nextAt,
      attemptsRemaining: purpose.maxAttempts,
      sendsRemaining: purpose.maxSends - 1,
    });
    return { outcome: 'issued', challenge: view };
  }

  private async undelivered({ id }: LiveChallenge, decision: LimitsTaken, client: RequestClient): Promise<IssueResult> {
    const { limits, store } = this.parts;
    const giveBack = limits.givenBack(decision.charges);
    await store.challenges.replaceIf(id.ref, 1, { kind: 'none', giveBack });
    await this.gate.failed(client);
    return { outcome: 'delivery_failed', retryAfterSeconds: wholeSeconds(decision.nextAt - decision.now) };
  }

  private refused(
    { reason, limit, detail, retryAfterMs }: Refused,
    {
      number,
      key,
      lane,
      client,
      purpose,
    }: { number: PhoneNumber; key: RecordKey; lane: Lane; client: RequestClient; purpose: Purpose },
  ): Throttled {
    const retryAfterSeconds = wholeSeconds(retryAfterMs);
    this.parts.events.emit('challenge.refused', {
      ...eventNumber(number, key),
      ...client.network,
      purpose: purpose.name,
      lane: eventLane(lane),
      reason,
      ...(limit === undefined ? {} : { limit }),
      ...(detail === undefined ? {} : { detail }),
      retryAfterSeconds,
    });
    return { outcome: 'throttled', retryAfterSeconds };
  }
}
