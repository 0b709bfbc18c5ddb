import { sendFailure } from '../read-send-result.js';
import type { SendFailure, SendFailureReason } from '../sms-transport.js';
import { DeadlineError } from '../with-deadline.js';
import { jsonAt } from '../https/json-at.js';
import { failureOf, failureOfStatus } from '../https/answer.js';
import { CredentialError } from '../https/credential.js';

/** The service's exceptions and those of AWS in general, by name. */
const REASONS: ReadonlyMap<string, SendFailureReason> = new Map<string, SendFailureReason>([
  ['ThrottlingException', 'transient'],
  ['InternalServerException', 'transient'],
  ['ServiceQuotaExceededException', 'quota'],
  ['ValidationException', 'configuration'],
  ['AccessDeniedException', 'configuration'],
  ['ResourceNotFoundException', 'configuration'],
  ['ConflictException', 'configuration'],
  ['UnrecognizedClientException', 'configuration'],
  ['InvalidSignatureException', 'configuration'],
  ['IncompleteSignatureException', 'configuration'],
  ['MissingAuthenticationTokenException', 'configuration'],
  ['ExpiredTokenException', 'configuration'],
]);

/** Reasons of a ConflictException that are about the recipient. */
const CONFLICTS: ReadonlyMap<string, SendFailureReason> = new Map<string, SendFailureReason>([
  ['DESTINATION_PHONE_NUMBER_OPTED_OUT', 'opted-out'],
  ['DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION', 'blocked-destination'],
  ['DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE', 'blocked-destination'],
]);

/** No credentials could be had by the client's own chain. */
const CREDENTIAL_ERRORS: ReadonlySet<string> = new Set(['CredentialsProviderError', 'TokenProviderError']);

/** What an error of the client means. `hasLeft`: the request was signed and handed to the connection. */
export function awsFailure(error: unknown, { hasLeft }: { readonly hasLeft: boolean }): SendFailure {
  if (!hasLeft) {
    return beforeTheRequest(error);
  }
  const status = statusOf(error);
  if (status === undefined || isHalfAnswer(error)) {
    return failureOf(error);
  }
  const name = error instanceof Error ? error.name : '';
  const reason = REASONS.get(name);
  if (reason === undefined || status < 400) {
    return failureOfStatus({ status, body: undefined }) ?? sendFailure('unknown-outcome', `HTTP ${status}, unreadable`);
  }
  const why = whyOf(error);
  const about = name === 'ConflictException' && why !== undefined ? CONFLICTS.get(why) : undefined;
  return sendFailure(about ?? reason, ['AWS', name, why].filter((part) => part !== undefined).join(' '));
}

function beforeTheRequest(error: unknown): SendFailure {
  const isCredential =
    error instanceof CredentialError ||
    error instanceof DeadlineError ||
    (error instanceof Error && CREDENTIAL_ERRORS.has(error.name));
  return isCredential
    ? sendFailure('transient', 'the credential could not be read')
    : sendFailure('configuration', 'the request could not be made');
}

function statusOf(error: unknown): number | undefined {
  const status = jsonAt(error, '$metadata', 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

/** The connection's own error after a status; the client's exceptions carry what the body says, even a `code`. */
function isHalfAnswer(error: unknown): boolean {
  return error instanceof Error && 'code' in error && !('$fault' in error);
}

/** One of the service's constants, and nothing that could be a number, a code or a sentence. */
function whyOf(error: unknown): string | undefined {
  const why = jsonAt(error, 'Reason');
  return typeof why === 'string' && /^[A-Z][A-Z_]{2,79}$/.test(why) ? why : undefined;
}
