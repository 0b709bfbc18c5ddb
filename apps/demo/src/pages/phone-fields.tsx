import type { JSX } from 'preact';
import type { Words } from '../i18n/words.js';
import { Field } from './field.js';

/** What a person typed as a number. */
export interface TypedNumber {
  /** ISO 3166-1 alpha-2, or empty for numbers that begin with +. */
  readonly country: string;
  readonly phoneNumber: string;
}

export interface PhoneFieldsProps {
  readonly words: Words;
  readonly countries: readonly string[];
  readonly typed: TypedNumber;
  readonly label?: string;
  readonly hint: string;
  readonly error?: string | undefined;
}

/** U2: any usual spelling, with the country for those without one. */
export function PhoneFields({ words, countries, typed, label, hint, error }: PhoneFieldsProps): JSX.Element {
  const { t, language, country: nameOf } = words;
  const options = countries
    .map((code) => ({ code, name: nameOf(code) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, language));
  return (
    <>
      <div class="field">
        <label for="country">{t('signIn.country')}</label>
        <select id="country" name="country" autocomplete="country" aria-describedby="country-hint">
          <option value="" selected={typed.country === ''}>
            {t('signIn.country.other')}
          </option>
          {options.map(({ code, name }) => (
            <option key={code} value={code} selected={typed.country === code}>
              {name}
            </option>
          ))}
        </select>
        <p class="hint" id="country-hint">
          {t('signIn.country.hint')}
        </p>
      </div>
      <Field
        id="phone"
        label={label ?? t('signIn.phone')}
        hint={hint}
        error={error}
        input={{
          name: 'phoneNumber',
          type: 'tel',
          autocomplete: 'tel',
          inputMode: 'tel',
          maxLength: 40,
          dir: 'ltr',
          value: typed.phoneNumber,
        }}
      />
    </>
  );
}
