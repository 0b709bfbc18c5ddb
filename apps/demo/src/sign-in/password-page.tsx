import type { Words } from '../i18n/words.js';
import { Field } from '../pages/field.js';
import type { Page } from '../pages/page.js';
import { PhoneFields, type TypedNumber } from '../pages/phone-fields.js';

export interface PasswordPageProps {
  readonly countries: readonly string[];
  readonly typed: TypedNumber;
  readonly phoneError?: string;
  readonly passwordError?: string;
  readonly notice?: string;
  /** Of the customer that development has from the start. */
  readonly sample?: { readonly phone: string; readonly password: string } | undefined;
}

export function passwordPage(words: Words, props: PasswordPageProps): Page {
  const { t } = words;
  const { countries, typed, phoneError, passwordError, notice, sample } = props;
  return {
    title: t('signIn.title'),
    body: (
      <section class="card step">
        <form method="post" action="/password" data-enhance id="password-form" noValidate>
          <h1>{t('signIn.title')}</h1>
          <p class="lead">{t('signIn.password.lead')}</p>
          {notice !== undefined && (
            <p class="notice" role="status">
              {notice}
            </p>
          )}
          <PhoneFields
            words={words}
            countries={countries}
            typed={typed}
            hint={t('signIn.phone.hint')}
            error={phoneError}
          />
          <Field
            id="password"
            label={t('signIn.password')}
            error={passwordError}
            input={{ type: 'password', autocomplete: 'current-password', maxLength: 128, dir: 'ltr' }}
          />
          <button class="primary" type="submit">
            {t('signIn.password.submit')}
          </button>
          {sample !== undefined && <p class="hint sample">{t('signIn.demo', sample)}</p>}
        </form>
        <p class="links">
          <a href="/">{t('signIn.withNumber')}</a>
          <a href="/sign-up">{t('signIn.signUp')}</a>
        </p>
      </section>
    ),
  };
}
