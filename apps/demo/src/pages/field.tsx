import type { ComponentChildren, JSX } from 'preact';

export interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** Of the input; `name` is the id. */
  readonly input: JSX.IntrinsicElements['input'];
  readonly children?: ComponentChildren;
}

/**
 * One input with its label, its hint and the place for its error, which is there before there is one: so nothing moves, and
 * a screen reader hears it when it changes.
 */
export function Field({ id, label, hint, error = '', input, children }: FieldProps): JSX.Element {
  const described = hint === undefined ? `${id}-error` : `${id}-error ${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={id}
        data-swap="attributes"
        aria-invalid={error === '' ? 'false' : 'true'}
        aria-describedby={described}
        {...input}
      />
      {children}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <p class="error" id={`${id}-error`} role="alert" data-swap="content">
        {error}
      </p>
    </div>
  );
}
