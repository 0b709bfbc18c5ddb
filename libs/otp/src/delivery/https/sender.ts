/**
 * Who a message is from: one name or number for all countries, or one for each (ISO 3166-1 alpha-2) with a `default`.
 *
 * @example
 * { default: 'Acme', US: '+15005550006' }
 */
export type Sender = string | (Readonly<Record<string, string>> & { readonly default: string });

export function senderFor(sender: Sender, country: string): string {
  if (typeof sender === 'string') {
    return sender;
  }
  return Object.hasOwn(sender, country) ? (sender[country] ?? sender.default) : sender.default;
}
