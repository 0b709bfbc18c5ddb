import type { Words } from '../i18n/words.js';
import type { Page } from '../pages/page.js';
import { PhoneFields, type TypedNumber } from '../pages/phone-fields.js';

export interface SignInPageProps {
  readonly countries: readonly string[];
  readonly typed: TypedNumber;
  readonly error?: string;
  /** A number to try, in development. */
  readonly sample?: string | undefined;
}

export function signInPage(words: Words, { countries, typed, error, sample }: SignInPageProps): Page {
  const { t } = words;
  return {
    title: t('signIn.title'),
    body: (
      <section class="card step">
        <form method="post" action="/sign-in" data-enhance id="sign-in-form" noValidate>
          <h1>{t('signIn.title')}</h1>
          <p class="lead">{t('signIn.lead')}</p>
          <PhoneFields words={words} countries={countries} typed={typed} hint={t('signIn.phone.hint')} error={error} />
          <button class="primary" type="submit">
            {t('signIn.submit')}
          </button>
          {sample !== undefined && <p class="hint sample">{t('signIn.demo.number', { phone: sample })}</p>}
          <p class="risk">{t('signIn.risk')}</p>
        </form>
        <p class="links">
          <a href="/password">{t('signIn.withPassword')}</a>
          <a href="/sign-up">{t('signIn.signUp')}</a>
        </p>
      </section>
    ),
  };
}
