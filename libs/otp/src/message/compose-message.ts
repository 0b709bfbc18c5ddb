import { chooseTemplate } from './choose-template.js';
import type { MessageFacts } from './message-template.js';

export interface MessageRequest extends MessageFacts {
  /** Host of the site where the code is entered, without scheme or port; see `checkOrigin`. */
  readonly origin?: string;
  /** BCP 47 tag of the language wanted. @default 'en' */
  readonly locale?: string;
}

export interface ComposedMessage {
  readonly text: string;
  /** BCP 47 tag of the language found. */
  readonly locale: string;
}

/**
 * Composes the text of a message. With an origin its last line is `@host #code`, alone and without a line break after it
 * (WICG, Origin-bound one-time codes delivered via SMS): browsers then offer the code on that site only.
 *
 * Service name and origin come from the options and were checked at boot; nothing that a request brings is in the text.
 */
export function composeMessage(request: MessageRequest): ComposedMessage {
  const { locale, template } = chooseTemplate(request.locale);
  const words = template(request);
  const text = request.origin === undefined ? words : `${words}\n\n@${request.origin} #${request.code}`;
  return { text, locale };
}
