import type { Words } from '../i18n/words.js';
import { Field } from '../pages/field.js';
import type { Page } from '../pages/page.js';

export interface TypedTransfer {
  readonly payee: string;
  readonly iban: string;
  readonly amount: string;
}

export interface TransferPageProps {
  readonly typed: TypedTransfer;
  readonly errors?: Partial<TypedTransfer>;
}

export function transferPage({ t }: Words, { typed, errors = {} }: TransferPageProps): Page {
  return {
    title: t('transfer.title'),
    isSignedIn: true,
    body: (
      <section class="card step">
        <form method="post" action="/transfer" data-enhance id="transfer-form" noValidate>
          <h1>{t('transfer.title')}</h1>
          <p class="lead">{t('transfer.lead')}</p>
          <Field
            id="payee"
            label={t('transfer.payee')}
            error={errors.payee}
            input={{ type: 'text', autocomplete: 'off', maxLength: 40, value: typed.payee }}
          />
          <Field
            id="iban"
            label={t('transfer.iban')}
            hint={t('transfer.iban.hint')}
            error={errors.iban}
            input={{
              type: 'text',
              autocomplete: 'off',
              maxLength: 42,
              dir: 'ltr',
              spellcheck: false,
              value: typed.iban,
            }}
          />
          <Field
            id="amount"
            label={t('transfer.amount')}
            error={errors.amount}
            input={{
              type: 'text',
              autocomplete: 'off',
              inputMode: 'decimal',
              maxLength: 12,
              dir: 'ltr',
              value: typed.amount,
            }}
          />
          <button class="primary" type="submit">
            {t('transfer.submit')}
          </button>
        </form>
      </section>
    ),
  };
}
