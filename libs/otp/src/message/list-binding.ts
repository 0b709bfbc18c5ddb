import type { DisplayedBinding } from './message-template.js';

/** What can be taken for nothing else: one word, figures with or without a currency, a grouped IBAN. */
const BARE = [
  /^[\p{L}\p{M}\p{N}]+$/u,
  /^(?:[A-Z]{3} |\p{Sc} ?)?[+-]?\p{Nd}(?:[\p{Nd} .,:/-]*\p{Nd})?(?: [A-Z]{3}| ?\p{Sc})?$/u,
  /^[A-Z]{2}\d{2}(?: [A-Z\d]{1,4})+$/iu,
];

/**
 * `amount 12.00 EUR, payee "Acme Holding"`: all members by name, in their order. Other text stands in quotation marks, so
 * that a payee called `Ann, amount 1.00 EUR` can pass neither for another member nor for the next sentence.
 */
export function listBinding(binding: DisplayedBinding): string {
  return Object.entries(binding)
    .map(([name, value]) => `${name} ${BARE.some((form) => form.test(value)) ? value : `"${value}"`}`)
    .join(', ');
}
