import type { SentMessage } from '../limits/sent-message.js';
import type { CheckedVerdict } from '../risk/assess-risk.js';
import type { Purpose } from '../challenge/purpose.js';
import type { Channel } from '../phone/channel.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';
import type { RiskRequest } from '../risk/risk-assessor.js';
import type { Charge, Lane, LimitRefusal, LimitsTaken, NoSuchLane, RecordKey } from '../stores/otp-store.js';
import type { HeldSeat } from './held-seat.js';
import { eventLane } from './live-challenge.js';
import { orGiveBack } from './or-give-back.js';
import type { OtpParts } from './otp-parts.js';
import type { RequestClient } from './request-context.js';

/** One message that somebody asks for. */
export interface MessageRequest {
  readonly number: PhoneNumber;
  readonly key: RecordKey;
  readonly lane: Lane;
  readonly client: RequestClient;
  readonly purpose: Purpose;
  readonly subject: string | undefined;
  readonly channel: Channel;
  /** Of the message to come; each costs. */
  readonly segments: number;
  readonly resend: boolean;
  /** It takes the place of a message that did not arrive, and nobody asked for it. */
  readonly automatic?: boolean;
  /** Given up while the assessor is asked. */
  readonly seat: HeldSeat;
  readonly signal: AbortSignal | undefined;
}

export interface Admitted {
  readonly outcome: 'admitted';
  readonly decision: LimitsTaken;
  /** The send taken from the number. */
  readonly at: number;
  readonly decoy: boolean;
  /** It is for a test number: no message, and nothing but the number's own record is charged. */
  readonly test: boolean;
  /** Why it is a decoy, for operators. */
  readonly detail?: string;
}

export interface Refused {
  readonly outcome: 'refused';
  readonly reason: 'throttled' | 'risk_denied';
  readonly retryAfterMs: number;
  /** The limit, for operators. */
  readonly limit?: string;
  readonly detail?: string;
}

const isShared = (limit: string) => /^(?:prefix|country|all)\.unansweredSends\./.test(limit);

/** limits → risk: what stands before every message, the first of a challenge and those sent again. */
export class SendGate {
  constructor(private readonly parts: OtpParts) {}

  /** `no_such_lane`: the device that the request names is not trusted (any more), and nothing was taken. */
  async admit(request: MessageRequest): Promise<Admitted | Refused | NoSuchLane> {
    if (this.parts.testNumbers.has(request.key)) {
      return this.admitTest(request);
    }
    const first = await this.take(request);
    const asked = first.outcome === 'refused' ? await this.askToClear(request, first) : undefined;
    const decision = asked === undefined ? first : await this.take(request, { cleared: true });
    if (decision.outcome === 'no_such_lane') {
      return decision;
    }
    const refused = decision.outcome === 'refused';
    const { number, client } = request;
    this.parts.alerts.tell({ usedUp: decision.usedUp, refused, country: number.country, network: client.network });
    if (refused) {
      const { limit, retryAfterMs } = decision;
      return { outcome: 'refused', reason: 'throttled', limit, retryAfterMs };
    }
    return this.assess(request, decision, asked);
  }

  private async admitTest({ key, lane }: MessageRequest): Promise<Admitted | Refused | NoSuchLane> {
    const { limits, store } = this.parts;
    const decision = await store.limits.take(limits.testSend({ number: key, lane }));
    if (decision.outcome === 'taken') {
      return { outcome: 'admitted', decision, at: sendOf(decision.charges), decoy: false, test: true };
    }
    if (decision.outcome === 'no_such_lane') {
      return decision;
    }
    const { limit, retryAfterMs } = decision;
    return { outcome: 'refused', reason: 'throttled', limit, retryAfterMs };
  }

  private take(
    { key, lane, client, number, channel, segments, automatic = false }: MessageRequest,
    { cleared } = { cleared: false },
  ): Promise<LimitsTaken | LimitRefusal | NoSuchLane> {
    const { limits, store } = this.parts;
    const { ipGroup } = client;
    const subject = { number: key, lane, ipGroup, destination: number, channel, segments, automatic, cleared };
    return store.limits.take(limits.send(subject));
  }

  /** Somebody whom only shared budgets refuse may be known to the application. */
  private async askToClear(request: MessageRequest, { usedUp }: LimitRefusal): Promise<CheckedVerdict | undefined> {
    const { risk } = this.parts;
    if (risk === undefined || !usedUp.every(isShared)) {
      return undefined;
    }
    const { seat, signal } = request;
    const verdict = await seat.without(() => risk.check(riskRequest(request, usedUp), signal));
    if (verdict.decision === 'deny') {
      await this.denied(request, verdict);
      return undefined;
    }
    return verdict.cleared ? verdict : undefined;
  }

  private async assess(
    request: MessageRequest,
    decision: LimitsTaken,
    asked: CheckedVerdict | undefined,
  ): Promise<Admitted | Refused> {
    const at = sendOf(decision.charges);
    const { risk } = this.parts;
    if (risk === undefined) {
      return { outcome: 'admitted', decision, at, decoy: false, test: false };
    }
    const { client, purpose, seat, signal } = request;
    const verdict =
      asked ??
      (await orGiveBack(this.parts, { charges: decision.charges, client, purpose: purpose.name, signal }, () =>
        seat.without(() => risk.check(riskRequest(request, decision.usedUp), signal)),
      ));
    const detail = 'reason' in verdict && verdict.reason !== undefined ? { detail: verdict.reason } : {};
    if (verdict.decision === 'deny') {
      await this.denied(request, verdict);
      const retryAfterMs = decision.nextAt - decision.now;
      return { outcome: 'refused', reason: 'risk_denied', retryAfterMs, ...detail };
    }
    return { outcome: 'admitted', decision, at, decoy: verdict.decision === 'decoy', test: false, ...detail };
  }

  /** Nothing is given back: who is denied has asked. That an assessor fails is nobody's fault. */
  private async denied({ client }: MessageRequest, { failure }: CheckedVerdict): Promise<void> {
    if (failure === undefined) {
      await this.failed(client);
    }
  }

  /** Counts a message that was denied or that no provider took. Without the store it is not counted. */
  async failed({ ipGroup }: RequestClient): Promise<void> {
    const { limits, store } = this.parts;
    const requests = limits.failedSend(ipGroup);
    if (requests.length > 0) {
      await store.limits.take(requests).catch(() => undefined);
    }
  }
}

/** What the challenge keeps of it, to be settled when its code is entered. */
export function sentMessage({ at, decision, test }: Admitted, { ipGroup }: RequestClient): SentMessage {
  return test ? { at, ipGroup: undefined, counted: false } : { at, ipGroup, counted: !decision.known };
}

function riskRequest(
  { number, lane, purpose, subject, client, resend }: MessageRequest,
  usedUp: readonly string[],
): RiskRequest {
  return {
    phoneNumber: number.e164,
    country: number.country,
    purpose: purpose.name,
    ...(subject === undefined ? {} : { subject }),
    lane: eventLane(lane),
    client: client.ipGroup === undefined ? 'none' : client.ip === undefined ? {} : { ip: client.ip },
    resend,
    usedUp: usedUp.filter(isShared),
  };
}

function sendOf(charges: readonly Charge[]): number {
  const send = charges.find((charge) => 'log' in charge && charge.log === 'sends');
  if (send === undefined) {
    throw new Error('The limits took nothing from the number');
  }
  return send.at;
}
