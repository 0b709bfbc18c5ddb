import type { MessageFacts, MessageTemplate } from './message-template.js';

const LINE_BREAK = /[\n-\r\u0085\u2028\u2029]/u;
/** Like the line that browsers take host and code from (WICG, Origin-bound one-time codes); only the library writes it. */
const BOUND_LINE = /^\s*@|@\S+\s*#/u;

export interface OwnTemplateCall {
  readonly facts: MessageFacts;
  /** Whose words they are, for errors: `purpose 'payout'`. */
  readonly of: string;
}

/**
 * The text of an application's own template.
 *
 * @throws Error when it is no message that could be sent. It names the purpose or language and never the code.
 */
export function runOwnTemplate(template: MessageTemplate, { facts, of }: OwnTemplateCall): string {
  const text = callTemplate(template, { facts, of });
  if (typeof text !== 'string') {
    // A promise is no text, and its failure must not end the process.
    Promise.resolve(text).catch(() => undefined);
    throw mistake(of, 'returned no text');
  }
  if (!new RegExp(`(?<!\\p{Nd})${facts.code}(?!\\p{Nd})`, 'u').test(text)) {
    throw mistake(of, 'returned a text without the code');
  }
  if (
    text
      .normalize('NFKC')
      .split(LINE_BREAK)
      .some((line) => BOUND_LINE.test(line))
  ) {
    throw mistake(of, 'returned a line like "@host #code", which is added where `origin` is set');
  }
  return text;
}

function callTemplate(template: MessageTemplate, { facts, of }: OwnTemplateCall): unknown {
  try {
    return template(facts);
  } catch (error) {
    // Neither its words nor itself as the cause: they may repeat the code.
    throw mistake(of, `threw ${error instanceof Error ? error.constructor.name : typeof error}`);
  }
}

function mistake(of: string, what: string): Error {
  return new Error(`the message template of ${of} ${what}; nothing was sent`);
}
