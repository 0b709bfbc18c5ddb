import type { OpenedChallengeId } from '../challenge/challenge-id.js';
import { type ChallengePayload, openPayload } from '../challenge/challenge-payload.js';
import type { ChallengeView } from '../challenge/challenge-view.js';
import type { Purpose, PurposeRegistry } from '../challenge/purpose.js';
import type { PhoneNumber } from '../phone/phone-number.types.js';
import type { Lane, RecordKey, StoredChallenge } from '../stores/otp-store.js';
import type { EventChallenge, EventLane, EventNumber } from '../telemetry/event-types.js';

/** A challenge in the hands of a flow: its id, what it is about, and what its purpose asks for. */
export interface LiveChallenge {
  readonly id: OpenedChallengeId;
  readonly purpose: Purpose;
  readonly payload: ChallengePayload;
}

interface ViewState {
  readonly expiresAt: number;
  readonly resendAt: number;
  readonly attemptsRemaining: number;
  readonly sendsRemaining: number;
}

export function challengeView(
  challengeId: string,
  { purpose, payload }: LiveChallenge,
  state: ViewState,
): ChallengeView {
  return {
    challengeId,
    purpose: purpose.name,
    channel: payload.channel,
    destination: payload.number.masked,
    codeLength: purpose.codeLength,
    expiresAt: new Date(state.expiresAt).toISOString(),
    resendAt: new Date(state.resendAt).toISOString(),
    attemptsRemaining: state.attemptsRemaining,
    sendsRemaining: state.sendsRemaining,
  };
}

export function eventNumber(number: PhoneNumber, key: RecordKey): EventNumber {
  return { destination: number.masked, country: number.country, numberRef: key.index };
}

export function eventChallenge({ id, purpose, payload }: LiveChallenge): EventChallenge {
  return {
    ...eventNumber(payload.number, id.ref.key),
    purpose: purpose.name,
    lane: eventLane(id.lane),
    challengeRef: challengeRefOf(id),
    ...(payload.test ? { test: true } : {}),
  };
}

/** Names a challenge in events, without being its id. */
export function challengeRefOf({ ref }: OpenedChallengeId): string {
  return ref.id.subarray(0, 6).toString('base64url');
}

/** The lane without the device's id. */
export function eventLane(lane: Lane): EventLane {
  return lane === 'public' || lane === 'vouched' ? lane : 'device';
}

/** Opens what the store found; `undefined` when it is not for this application any more, which is as good as gone. */
export function openChallenge(
  purposes: PurposeRegistry,
  id: OpenedChallengeId,
  stored: StoredChallenge,
): LiveChallenge | undefined {
  const payload = openPayload(stored, id);
  const purpose = payload && purposes.get(payload.purpose);
  return payload && purpose && { id, purpose, payload };
}
