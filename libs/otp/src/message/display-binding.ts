import { displayText } from './display-text.js';
import type { BindingDetails, DisplayedBinding } from './message-template.js';

const MAX_MEMBERS = 8;
const MAX_VALUE_LENGTH = 64;
const MAX_TOTAL_LENGTH = 160;
/** Longer than anything that cleaning could make fit; spares the work. */
const MAX_GIVEN_LENGTH = 4 * MAX_VALUE_LENGTH;
const NAME = /^(?!.*\d{6})[A-Za-z][\w-]{0,23}$/;

export type BindingDisplay =
  | { readonly outcome: 'ok'; readonly binding: DisplayedBinding }
  | {
      readonly outcome: 'invalid';
      /** The member that cannot be shown; empty when there is none to show. */
      readonly member: string;
      /** What is wrong, in words; never the value. */
      readonly detail: string;
    };

/**
 * The details of a transaction as its message shows them ("what you see is what you sign"). What cannot be shown whole is
 * `invalid`, so that nobody confirms what was cut off: values that are empty or too long once made safe, too many members,
 * names that are no names.
 */
export function displayBinding(details: BindingDetails): BindingDisplay {
  const members = Object.entries(details);
  if (members.length === 0) {
    return invalid('', 'must have a member that the message can show');
  }
  const shown: [name: string, value: string][] = [];
  let total = 0;
  for (const [name, value] of members) {
    const text = readValue(value);
    total += text.length;
    const problem = problemOf(name, text) ?? problemTogether(shown.length + 1, total);
    if (problem !== undefined) {
      return invalid(name.slice(0, MAX_VALUE_LENGTH), problem);
    }
    shown.push([name, text]);
  }
  return { outcome: 'ok', binding: Object.fromEntries(shown) };
}

function invalid(member: string, detail: string): BindingDisplay {
  return { outcome: 'invalid', member, detail };
}

/** Empty for what has no text. */
function readValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_GIVEN_LENGTH ? value : displayText(value);
    case 'number':
      return Number.isFinite(value) ? displayText(String(value)) : '';
    case 'boolean':
      return String(value);
    default:
      return '';
  }
}

function problemOf(name: string, text: string): string | undefined {
  if (!NAME.test(name)) {
    return 'must have a name of at most 24 letters, digits, hyphens and underscores that begins with a letter';
  }
  if (text === '') {
    return 'must be text that can be seen, a number, true or false';
  }
  return text.length > MAX_VALUE_LENGTH
    ? `must have at most ${MAX_VALUE_LENGTH} characters as the message shows it`
    : undefined;
}

function problemTogether(count: number, total: number): string | undefined {
  if (count > MAX_MEMBERS) {
    return `is one too many; a message shows at most ${MAX_MEMBERS}`;
  }
  return total > MAX_TOTAL_LENGTH
    ? `is too long beside the others; a message shows at most ${MAX_TOTAL_LENGTH} characters of them`
    : undefined;
}
