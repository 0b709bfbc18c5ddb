import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import { PhoneFields, type TypedNumber } from '../pages/phone-fields.js';

/** Before anything: what will happen. */
export function numberPage({ t }: Words, { masked, error = '' }: { masked: string; error?: string }): Page {
  return {
    title: t('numberChange.title'),
    isSignedIn: true,
    body: (
      <section class="card step">
        <form method="post" action="/number" data-enhance id="number-form">
          <h1>{t('numberChange.title')}</h1>
          <p class="lead">{t('numberChange.lead', { phone: masked })}</p>
          <p class="error" id="number-error" role="alert" data-swap="content">
            {error}
          </p>
          <button class="primary" type="submit">
            {t('numberChange.start')}
          </button>
          <p class="risk">{t('numberChange.lost')}</p>
        </form>
        <p class="links">
          <a href="/account">{t('frame.cancel')}</a>
        </p>
      </section>
    ),
  };
}

export interface NewNumberPageProps {
  readonly countries: readonly string[];
  readonly typed: TypedNumber;
  readonly error?: string | undefined;
}

export function newNumberPage(words: Words, { countries, typed, error }: NewNumberPageProps): Page {
  const { t } = words;
  return {
    title: t('numberChange.new.title'),
    isSignedIn: true,
    body: (
      <section class="card step">
        <form method="post" action="/number/new" data-enhance id="new-number-form" noValidate>
          <h1>{t('numberChange.new.title')}</h1>
          <PhoneFields
            words={words}
            countries={countries}
            typed={typed}
            label={t('numberChange.new.phone')}
            hint={t('numberChange.new.hint')}
            error={error}
          />
          <button class="primary" type="submit">
            {t('numberChange.new.submit')}
          </button>
        </form>
        <p class="links">
          <a href="/account">{t('frame.cancel')}</a>
        </p>
      </section>
    ),
  };
}
