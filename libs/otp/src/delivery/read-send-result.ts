import { safeDetail } from './safe-detail.js';
import { SEND_FAILURE_REASONS, type SendFailure, type SendFailureReason, type SendResult } from './sms-transport.js';

/**
 * Checks what an adapter answered, once: it may be JavaScript, and what is not a result is an unknown outcome. `sent`: what
 * the provider was told and nobody else may know, its text and the secrets in the address of its receipts.
 */
export function readSendResult(value: unknown, sent: readonly string[]): SendResult {
  if (typeof value === 'object' && value !== null && 'outcome' in value) {
    if (value.outcome === 'accepted' && 'messageId' in value && isMessageId(value.messageId)) {
      return { outcome: 'accepted', messageId: value.messageId };
    }
    if (value.outcome === 'failed' && 'reason' in value && isReason(value.reason)) {
      const detail = 'detail' in value && typeof value.detail === 'string' ? value.detail : undefined;
      return sendFailure(value.reason, detail, sent);
    }
  }
  return sendFailure('unknown-outcome', 'the transport gave no valid result');
}

/** A failed result whose detail may be logged. */
export function sendFailure(reason: SendFailureReason, detail?: string, sent?: readonly string[]): SendFailure {
  return detail === undefined
    ? { outcome: 'failed', reason }
    : { outcome: 'failed', reason, detail: safeDetail(detail, sent) };
}

/** Printable, without spaces, at most 255: ids are stored, compared and logged. */
export function isMessageId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7E]{1,255}$/.test(value);
}

function isReason(value: unknown): value is SendFailureReason {
  return SEND_FAILURE_REASONS.some((reason) => reason === value);
}
