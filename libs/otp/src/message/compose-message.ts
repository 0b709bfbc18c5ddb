import { type ChosenTemplate, chooseTemplate } from './choose-template.js';
import { displayBinding } from './display-binding.js';
import { canonicalTag, readLocale } from './language-tags.js';
import { layOutMessage } from './lay-out-message.js';
import type { MessageOptions } from './message-options.js';
import type { BindingDetails, DisplayedBinding, MessageFacts, MessageTemplate } from './message-template.js';
import { runOwnTemplate } from './run-own-template.js';
import { wordMessage } from './word-message.js';

export interface MessageRequest extends MessageOptions, Omit<MessageFacts, 'binding' | 'serviceName'> {
  /** As the purpose's schema took it; no template sees it before `displayBinding` has made it safe. */
  readonly binding?: BindingDetails | undefined;
  /** The purpose's own words. @default those of the language */
  readonly template?: MessageTemplate | undefined;
  /** ISO 3166-1 alpha-2 code of the number's country: its language counts where none is asked for, or none that is known. */
  readonly country?: string | undefined;
}

export interface ComposedMessage {
  readonly text: string;
  /** BCP 47 tag of the language found; for a purpose's own template, of the one that was asked for. */
  readonly locale: string;
  /** What it shows of a transaction. */
  readonly binding?: DisplayedBinding;
}

/**
 * Composes the text of a message: of a purpose's own words, or of those of the best language in the length that fits. With
 * an origin the last line of a text message is `@host #code`, alone and without a line break after it: browsers then offer
 * the code on that site only.
 *
 * The options were checked at boot; of what a request brings only the binding is in the text, as `displayBinding` shows it.
 *
 * @throws Error when the binding cannot be shown, or an own template returns no message that could be sent. It names the
 * purpose or the language and never the code.
 */
export function composeMessage(request: MessageRequest): ComposedMessage {
  const { serviceName, code, ttlSeconds, purpose, channel, binding, template } = request;
  const locale = readLocale(request.locale);
  const facts: MessageFacts = {
    code,
    serviceName,
    ttlSeconds,
    purpose,
    channel,
    ...(binding === undefined ? {} : { binding: shown(binding, purpose) }),
    ...(locale === undefined ? {} : { locale }),
  };
  const chosen = chooseTemplate({ ...request, locale });
  const words =
    template === undefined ? wordsOf(chosen, facts) : [runOwnTemplate(template, { facts, of: `purpose '${purpose}'` })];
  return {
    text: layOutMessage(words, request),
    // What was asked for only has the form of a tag; a transport may need a language.
    locale: (template === undefined || locale === undefined ? undefined : canonicalTag(locale)) ?? chosen.tag,
    ...(facts.binding === undefined ? {} : { binding: facts.binding }),
  };
}

/** In several lengths, where the language has them. */
export function wordsOf(chosen: ChosenTemplate, facts: MessageFacts): Iterable<string> {
  return chosen.kind === 'own'
    ? [runOwnTemplate(chosen.template, { facts, of: `language '${chosen.tag}'` })]
    : wordMessage(chosen.language, { tag: chosen.tag, facts });
}

function shown(details: BindingDetails, purpose: string): DisplayedBinding {
  const display = displayBinding(details);
  if (display.outcome === 'invalid') {
    throw new Error(`a binding of purpose '${purpose}' cannot be shown: it ${display.detail}; nothing was sent`);
  }
  return display.binding;
}
