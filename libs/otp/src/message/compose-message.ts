import { chooseTemplate, readLocale } from './choose-template.js';
import { displayBinding } from './display-binding.js';
import type { BindingDetails, DisplayedBinding, MessageFacts, MessageTemplate } from './message-template.js';
import { runOwnTemplate } from './run-own-template.js';

export interface MessageRequest extends Omit<MessageFacts, 'binding'> {
  /** As the purpose's schema took it; no template sees it before `displayBinding` has made it safe. */
  readonly binding?: BindingDetails | undefined;
  /** The purpose's own words. @default those of the locale */
  readonly template?: MessageTemplate | undefined;
  /** Host of the site where the code is entered, without scheme or port; see `checkOrigin`. */
  readonly origin?: string;
}

export interface ComposedMessage {
  readonly text: string;
  /** BCP 47 tag of the language found; for a purpose's own template, of the one that was asked for. */
  readonly locale: string;
}

/**
 * Composes the text of a message. With an origin its last line is `@host #code`, alone and without a line break after it
 * (WICG, Origin-bound one-time codes delivered via SMS): browsers then offer the code on that site only.
 *
 * Service name and origin come from the options and were checked at boot; of what a request brings only the binding is in
 * the text, as `displayBinding` shows it.
 *
 * @throws Error when the binding cannot be shown, or the purpose's own template returns no message that could be sent. It
 * names the purpose and never the code.
 */
export function composeMessage({ origin, template, binding, locale, ...given }: MessageRequest): ComposedMessage {
  const tag = readLocale(locale);
  const facts: MessageFacts = {
    ...given,
    ...(binding === undefined ? {} : { binding: shown(binding, given.purpose) }),
    ...(tag === undefined ? {} : { locale: tag }),
  };
  const shipped = chooseTemplate(tag);
  const words = keepNumbersWhole(template === undefined ? shipped.template(facts) : runOwnTemplate(template, facts));
  return {
    text: origin === undefined ? words : `${words}\n\n@${origin} #${facts.code}`,
    locale: template === undefined ? shipped.locale : (tag ?? shipped.locale),
  };
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * Among letters that are read from right to left the groups of `1 000 200` would be shown the other way round; with no-break
 * spaces they are one number (UAX #9, W4). Such a text has no place in GSM-7 anyway.
 */
function keepNumbersWhole(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? text.replace(/(?<=\p{Nd}) (?=\p{Nd})/gu, '\u00a0') : text;
}

function shown(details: BindingDetails, purpose: string): DisplayedBinding {
  const display = displayBinding(details);
  if (display.outcome === 'invalid') {
    throw new Error(`a binding of purpose '${purpose}' cannot be shown: it ${display.detail}; nothing was sent`);
  }
  return display.binding;
}
