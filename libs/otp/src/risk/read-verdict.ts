/** A verdict that was read: `cleared` is there wherever it may be, and `reason` may stand in an event. */
export type ReadVerdict =
  | { readonly decision: 'allow'; readonly cleared: boolean }
  | { readonly decision: 'decoy'; readonly cleared: boolean; readonly reason?: string }
  | { readonly decision: 'deny'; readonly reason?: string };

const MAX_REASON_LENGTH = 100;
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;
const DIGIT = /\p{Nd}/gu;
/** A code, or enough of a number to be found again, however it is spaced. */
const TELLING_DIGITS = 6;

/** Reads what an assessor answered, once: it may be JavaScript. `undefined` for what is no verdict. */
export function readVerdict(value: unknown): ReadVerdict | undefined {
  if (typeof value !== 'object' || value === null || !('decision' in value)) {
    return undefined;
  }
  const { decision } = value;
  const reason = 'reason' in value ? safeReason(value.reason) : undefined;
  const why = reason === undefined ? {} : { reason };
  if (decision === 'deny') {
    // A denial stays one, whatever stands beside it.
    return { decision, ...why };
  }
  const cleared: unknown = 'cleared' in value ? value.cleared : undefined;
  if (cleared !== undefined && typeof cleared !== 'boolean') {
    return undefined;
  }
  if (decision === 'allow') {
    return { decision, cleared: cleared === true };
  }
  return decision === 'decoy' ? { decision, cleared: cleared === true, ...why } : undefined;
}

function safeReason(value: unknown): string | undefined {
  if (typeof value !== 'string') {
    return undefined;
  }
  const seen = value.slice(0, MAX_REASON_LENGTH).replace(UNSEEN, ' ').trim();
  const digits = seen.match(DIGIT)?.length ?? 0;
  return (digits < TELLING_DIGITS ? seen : seen.replace(DIGIT, '*')) || undefined;
}
