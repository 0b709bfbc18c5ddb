import type { Words } from '../../i18n/words.js';
import { Field } from '../../pages/field.js';
import type { Page } from '../../pages/page.js';

export interface DeskSignInPageProps {
  readonly error?: string | undefined;
  /** The password that development has from the start. */
  readonly sample?: string | undefined;
}

export function deskSignInPage({ t }: Words, { error, sample }: DeskSignInPageProps): Page {
  return {
    title: t('frame.desk'),
    body: (
      <section class="card step">
        <form method="post" action="/desk/sign-in" data-enhance id="desk-form" noValidate>
          <h1>{t('frame.desk')}</h1>
          <p class="lead">{t('deskAccess.lead')}</p>
          <Field
            id="password"
            label={t('signIn.password')}
            error={error}
            input={{ type: 'password', autocomplete: 'current-password', maxLength: 128, dir: 'ltr' }}
          />
          <button class="primary" type="submit">
            {t('signIn.password.submit')}
          </button>
          {sample !== undefined && <p class="hint sample">{t('deskAccess.demo', { password: sample })}</p>}
        </form>
      </section>
    ),
  };
}
