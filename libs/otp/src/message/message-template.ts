import type { Channel } from '../phone/channel.js';

/** What a code stands for, in the words of the application: `{ amount: '12.00 EUR', payee: 'NL91…' }`. */
export type BindingDetails = Readonly<Record<string, string | number | boolean>>;

/** `BindingDetails` as they may be shown: text that has been made safe, in the order given. See `displayBinding`. */
export type DisplayedBinding = Readonly<Record<string, string>>;

/** What a message tells. */
export interface MessageFacts {
  readonly code: string;
  readonly serviceName: string;
  /** How long the code is good, in seconds, from now. */
  readonly ttlSeconds: number;
  /** What the code is for; a template may name it. */
  readonly purpose: string;
  /**
   * What the code stands for, where its purpose has a `binding`. Every member is text of at most 64 characters without
   * line breaks, links, `@`, `#` or six digits in a row, whatever a request brought; show it as it is.
   */
  readonly binding?: DisplayedBinding;
  /** BCP 47 tag of the language that was asked for. */
  readonly locale?: string;
  /** How the message travels. For `voice` write the code as it is; its digits are set apart afterwards. */
  readonly channel: Channel;
}

/**
 * The words of a message: the whole text but for the last lines, the Android app's and the one that binds the code to a
 * site, which are added. The code comes first: previews on a locked screen and watches show the start only.
 *
 * An application's own template must return text that contains the code and no line like `@host #code`. Where it does not, or
 * throws, nothing is sent, and the call fails with an `Error` that names the purpose or language and never the code.
 *
 * @example
 * ({ code, serviceName, binding }) => `${code} confirms ${binding?.amount} to ${binding?.payee} at ${serviceName}.`
 */
export type MessageTemplate = (facts: MessageFacts) => string;
