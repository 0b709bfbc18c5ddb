import type { VNode } from 'preact';
import type { Words } from '../i18n/words.js';
import { arrives, type SimulatedMessage } from './simulated-message.js';

export interface HandsetProps {
  /** Newest first. */
  readonly messages: readonly SimulatedMessage[];
  readonly words: Words;
}

/** Where a skip link leads to: forms have a field `phone`. */
export const HANDSET_ID = 'handset';

/** Who scrolls further looks for something else; and the page is fetched again every two seconds. */
const MOST_SHOWN = 20;

/** A phone as it lies beside the person who signs in, with what it received. */
export function Handset({ messages, words }: HandsetProps): VNode {
  const { t } = words;
  return (
    <aside class="phone" aria-labelledby="handset-title">
      <h2 id="handset-title">{t('phone.title')}</h2>
      <p class="phone-about">{t('phone.about')}</p>
      <noscript>
        <p class="phone-about">{t('phone.reload')}</p>
      </noscript>
      {/* The frame scrolls and has the focus, and what is in it is exchanged: neither place is lost. */}
      <div class="phone-screen" id={HANDSET_ID} role="region" aria-label={t('phone.messages')} tabIndex={0}>
        <div id="handset-messages" data-swap="content" data-live>
          {messages.length === 0 ? (
            <p class="phone-empty">{t('phone.empty')}</p>
          ) : (
            <ol class="phone-list">
              {messages.slice(0, MOST_SHOWN).map((message) => (
                <Message key={message.id} message={message} words={words} />
              ))}
            </ol>
          )}
        </div>
      </div>
    </aside>
  );
}

function Message({ message, words }: { readonly message: SimulatedMessage; readonly words: Words }): VNode {
  const { t } = words;
  const { to, channel, sentAt } = message;
  return (
    <li class="phone-message">
      <p class="phone-from">
        <strong>{t('frame.bank')}</strong>
        <time dateTime={sentAt}>{words.time(sentAt)}</time>
      </p>
      <p class="phone-to">
        {t('phone.to')} <bdi dir="ltr">{to}</bdi>
      </p>
      {arrives(message) ? <Content message={message} words={words} /> : <p class="phone-lost">{t('phone.lost')}</p>}
      <ul class="phone-facts" aria-label={t('phone.facts')}>
        <li>{t(`phone.channel.${channel}`)}</li>
        {channel === 'sms' && <li>{t('phone.segments', { count: message.segments })}</li>}
        {message.cost !== undefined && (
          <li>
            <bdi dir="ltr">{t('phone.cost', { cost: message.cost })}</bdi>
          </li>
        )}
        <li class={`phone-state phone-${message.delivery}`}>{t(`phone.delivery.${message.delivery}`)}</li>
      </ul>
    </li>
  );
}

function Content({ message, words }: { readonly message: SimulatedMessage; readonly words: Words }): VNode {
  const { channel, text, locale } = message;
  // In a language of its own: the person's, which need not be the page's.
  const own = { class: 'phone-text', dir: 'auto', lang: locale } as const;
  return channel === 'voice' ? (
    <div class="phone-call">
      <p>{words.t('phone.spoken')}</p>
      <blockquote {...own}>{text}</blockquote>
    </div>
  ) : (
    <div class={`phone-bubble phone-${channel}`}>
      <p {...own}>{text}</p>
    </div>
  );
}
