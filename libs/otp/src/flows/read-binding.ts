import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Purpose } from '../challenge/purpose.js';
import { MAX_DETAILS_BYTES } from '../challenge/transaction.js';
import { displayBinding } from '../message/display-binding.js';
import type { BindingDetails } from '../message/message-template.js';
import type { InvalidBinding } from './results.js';

export type BindingReading = { readonly outcome: 'ok'; readonly details: BindingDetails | undefined } | InvalidBinding;

/** A lone surrogate, which JSON can carry and RFC 8785 §3.2.2.2 refuses to hash. */
const HALF_CHARACTER = /\p{Cs}/u;

/**
 * What a code is to stand for: taken by the schema of its purpose, small enough to be kept and fit to be shown.
 *
 * @throws TypeError when the application mixes purposes with a binding and those without.
 */
export async function readBinding({ name, binding: schema }: Purpose, given: unknown): Promise<BindingReading> {
  if (schema === undefined) {
    if (given !== undefined) {
      throw new TypeError(`purpose '${name}' declares no binding, so it cannot be given one`);
    }
    return { outcome: 'ok', details: undefined };
  }
  if (given === undefined) {
    throw new TypeError(`purpose '${name}' declares a binding, so a code of it needs one`);
  }
  const result = await schema['~standard'].validate(given);
  if (result.issues !== undefined) {
    return invalid(result.issues.map(({ path, message }) => ({ pointer: pointerOf(path), detail: message })));
  }
  const details: unknown = result.value;
  if (!isFlat(details)) {
    throw new TypeError(`the binding of purpose '${name}' must be a flat record of texts, numbers and truth values`);
  }
  const broken = Object.keys(details).filter((member) => HALF_CHARACTER.test(String(details[member])));
  if (broken.length > 0) {
    return invalid(broken.map((member) => ({ pointer: `#/${member}`, detail: 'must be text of whole characters' })));
  }
  if (Buffer.byteLength(JSON.stringify(details)) > MAX_DETAILS_BYTES) {
    return invalid([{ pointer: '#', detail: `must have at most ${MAX_DETAILS_BYTES} bytes` }]);
  }
  const display = displayBinding(details);
  return display.outcome === 'ok'
    ? { outcome: 'ok', details }
    : invalid([{ pointer: `#/${display.member}`, detail: display.detail }]);
}

function invalid(errors: InvalidBinding['errors']): InvalidBinding {
  return { outcome: 'invalid_binding', detail: 'The request cannot be confirmed by a code as it is.', errors };
}

function isFlat(value: unknown): value is BindingDetails {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((member) => ['string', 'boolean'].includes(typeof member) || Number.isFinite(member))
  );
}

function pointerOf(path: StandardSchemaV1.Issue['path'] = []): string {
  const keys = path
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .map((key) => key.replaceAll('~', '~0').replaceAll('/', '~1'));
  return ['#', ...keys].join('/');
}
