import type { DeskFact } from './desk-fact.js';

/** Counts by name. A name is words joined by `|`, e.g. `sent|NL|sms`; which there can be is up to the module alone. */
export type Counts = Readonly<Record<string, number>>;

/** What happened, as a column of the chart. */
export const OUTCOMES = ['sent', 'answered', 'wrong', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Where the module said no: to a message, to an answer, to a proof, or to a request of the application's own limits. */
export const REFUSAL_KINDS = ['send', 'answer', 'proof', 'request'] as const;
export type RefusalKind = (typeof REFUSAL_KINDS)[number];

export const DELIVERY_STATES = ['accepted', 'failed', 'sent', 'delivered', 'undelivered'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** The counts that one event raises. Test numbers get no message, so their events are counted apart. */
export function countsOf(fact: DeskFact): readonly string[] {
  const names = namesOf(fact);
  if (fact.test !== true) {
    return names;
  }
  return names.filter((name) => OUTCOMES.some((outcome) => outcome === name)).map((name) => `test|${name}`);
}

function namesOf(fact: DeskFact): readonly string[] {
  const { country = '??', channel = 'sms', transport = '?', state } = fact;
  switch (fact.type) {
    case 'challenge.issued':
    case 'challenge.resent':
      return ['sent', `sent|${country}|${channel}`];
    case 'challenge.verified':
      return ['answered', `answered|${country}`];
    case 'challenge.failed':
      return ['wrong'];
    case 'challenge.decoyed':
      return ['decoyed'];
    case 'challenge.refused':
      return refused('send', fact);
    case 'answer.refused':
      return refused('answer', fact);
    case 'request.throttled':
      return refused('request', { ...fact, reason: 'throttled' });
    case 'proof.refused':
      // How every step-up begins: nobody has asked for a code yet.
      return fact.reason === 'missing' ? [] : refused('proof', fact);
    case 'delivery.accepted':
      return [`delivery|${transport}|accepted`];
    case 'delivery.failed':
      return [`delivery|${transport}|failed`];
    case 'delivery.reported':
      return [`delivery|${transport}|${state === 'failed' ? 'undelivered' : (state ?? 'sent')}`];
    default:
      return [];
  }
}

function refused(kind: RefusalKind, { reason = 'unknown', limit }: DeskFact): readonly string[] {
  return ['refused', `refused|${kind}|${reason}`, ...(limit === undefined ? [] : [`limit|${limit}`])];
}
