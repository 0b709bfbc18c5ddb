import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';

export interface CheckPageProps {
  /** In groups, as people read it. */
  readonly spoken: string;
  readonly error?: string;
}

/** The number once more before anything is sent to it, and what a person should know of codes by SMS (U7, D1). */
export function checkPage({ t }: Words, { spoken, error = '' }: CheckPageProps): Page {
  return {
    title: t('signUp.check.title'),
    body: (
      <section class="card step">
        <form method="post" action="/sign-up/check" data-enhance id="check-form">
          <h1>{t('signUp.check.title')}</h1>
          <p class="number">
            <bdi dir="ltr">{spoken}</bdi>
          </p>
          <p class="lead">{t('signUp.check.lead')}</p>
          <p class="error" id="check-error" role="alert" data-swap="content">
            {error}
          </p>
          <div class="stack">
            <button class="primary" type="submit" name="channel" value="sms">
              {t('signUp.check.sms')}
            </button>
            <button class="quiet" type="submit" name="channel" value="voice">
              {t('signUp.check.voice')}
            </button>
            <a class="button quiet" href="/sign-up">
              {t('signUp.check.change')}
            </a>
          </div>
        </form>
        <aside class="notice" aria-labelledby="risk-title">
          <h2 id="risk-title">{t('signUp.risk.title')}</h2>
          <p>{t('signUp.risk.text')}</p>
          <h3>{t('signUp.risk.alternatives')}</h3>
          <ul>
            <li>{t('signUp.risk.voice')}</li>
            <li>{t('signUp.risk.app')}</li>
          </ul>
        </aside>
      </section>
    ),
  };
}
