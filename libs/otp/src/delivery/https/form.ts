export type FormFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A form of the fields that have a value. */
export function formOf(fields: FormFields): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      form.append(name, String(value));
    }
  }
  return form;
}
