import { safeDetail } from '../delivery/safe-detail.js';
import type { PhoneReader } from '../phone/read-phone-number.js';
import type { NoteRefused } from './admin-results.js';

const MAX_ACTOR_LENGTH = 128;
const MAX_REASON_LENGTH = 160;
/** Control, format and private characters, broken surrogates, line and paragraph ends: what forges or hides log lines. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;

export type AuditNote<T> = { readonly outcome: 'ok'; readonly text: T } | NoteRefused;

/** An id stays as it is, so that the trail names one person; for the same reason what it may not be is refused. */
export function readActor(actor: unknown, readPhoneNumber: PhoneReader): AuditNote<string> {
  const note = readNote('actor', actor, MAX_ACTOR_LENGTH);
  if (note.outcome === 'ok' && readPhoneNumber({ phoneNumber: note.text }).outcome !== 'invalid_phone_number') {
    return refused('`actor` must not be a phone number, for it is logged: give an id');
  }
  return note;
}

/** Free text, so what may be a code or a number is masked. */
export function readReason(reason: unknown): AuditNote<string> {
  const note = readNote('reason', reason, MAX_REASON_LENGTH);
  return note.outcome === 'ok' ? { outcome: 'ok', text: safeDetail(note.text) } : note;
}

function readNote(name: string, value: unknown, maxLength: number): AuditNote<string> {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || text.length > maxLength || UNPRINTABLE.test(text)) {
    return refused(`\`${name}\` must be text of 1 to ${maxLength} printable characters`);
  }
  return { outcome: 'ok', text };
}

function refused(detail: string): NoteRefused {
  return { outcome: 'invalid_request', detail };
}
