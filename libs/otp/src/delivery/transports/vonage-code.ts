import { jsonAt } from '../https/json-at.js';

/** The code of an error of Vonage's Messages API: its title, or the end of the address that is its type. */
export function vonageCodeOf(error: unknown): string | undefined {
  const [title, type] = [jsonAt(error, 'title'), jsonAt(error, 'type')].map((text) =>
    typeof text === 'string' ? text : '',
  );
  return /^\d{4}$/.exec(title ?? '')?.[0] ?? /#(?<code>\d{4})$/.exec(type ?? '')?.groups?.['code'];
}
