import type { Words } from '../i18n/words.js';
import { Field } from '../pages/field.js';
import type { Page } from '../pages/page.js';
import { PhoneFields, type TypedNumber } from '../pages/phone-fields.js';

export interface SignUpPageProps {
  readonly countries: readonly string[];
  readonly name: string;
  readonly typed: TypedNumber;
  readonly errors?: { readonly name?: string; readonly phone?: string; readonly password?: string };
}

export function signUpPage(words: Words, { countries, name, typed, errors = {} }: SignUpPageProps): Page {
  const { t } = words;
  return {
    title: t('signUp.title'),
    body: (
      <section class="card step">
        <form method="post" action="/sign-up" data-enhance id="sign-up-form" noValidate>
          <h1>{t('signUp.title')}</h1>
          <p class="lead">{t('signUp.lead')}</p>
          <Field
            id="name"
            label={t('signUp.name')}
            error={errors.name}
            input={{ type: 'text', autocomplete: 'name', maxLength: 60, value: name }}
          />
          <PhoneFields
            words={words}
            countries={countries}
            typed={typed}
            hint={t('signUp.phone.hint')}
            error={errors.phone}
          />
          <Field
            id="password"
            label={t('signIn.password')}
            hint={t('signUp.password.hint')}
            error={errors.password}
            input={{ type: 'password', autocomplete: 'new-password', maxLength: 128, dir: 'ltr' }}
          />
          <button class="primary" type="submit">
            {t('signUp.submit')}
          </button>
        </form>
        <p class="links">
          <a href="/password">{t('signUp.haveAccount')}</a>
        </p>
      </section>
    ),
  };
}
