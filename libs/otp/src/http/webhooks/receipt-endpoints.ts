import { equalSecrets } from '../../delivery/receipts/signature.js';
import { DEFAULT_RECEIPT_BYTES, type ReceiptReader } from '../../delivery/receipts/receipt-reader.js';
import { receiptUrl, type RoutesAddress, WEBHOOKS } from '../../delivery/receipts/receipt-url.js';
import type { SmsTransport } from '../../delivery/sms-transport.js';
import { addressList } from './address-list.js';

/** Where one provider reports to. */
export interface ReceiptEndpoint {
  /** The transport's name. */
  readonly transport: string;
  readonly reader: ReceiptReader;
  readonly maxBodyBytes: number;
  /** Whether the end of the path is as it must be: one of the tokens, or nothing where there are none. */
  accepts(token: string | undefined): boolean;
  allows(ip: string | undefined): boolean;
  /** The address that the provider called, for signatures. `query`: from the question mark on, as it came. */
  urlOf(token: string | undefined, query: string): string;
}

/** All providers that report to this application; none without `publicUrl`, for nobody could tell them where to. */
export class ReceiptEndpoints {
  private readonly byTransport: ReadonlyMap<string, ReceiptEndpoint>;
  private readonly pattern: RegExp;

  /** @throws Error when a list of addresses is wrong (`checkReceipts` tells which). */
  constructor(transports: readonly SmsTransport[], address: RoutesAddress) {
    this.byTransport = new Map(
      transports
        .flatMap((transport) => endpointOf(transport, address))
        .map((endpoint) => [endpoint.transport, endpoint]),
    );
    const path = [address.routesPath ?? '', WEBHOOKS].filter((part) => part !== '').join('/');
    const names = [...this.byTransport.keys()].map(escapePattern).join('|');
    // A global prefix stands before it. Express does not mind the case of a path.
    this.pattern = new RegExp(`(?:^|/)${escapePattern(path)}/(?<name>${names})(?:/(?<token>[^/]*))?/?$`, 'i');
  }

  get isEmpty(): boolean {
    return this.byTransport.size === 0;
  }

  get(transport: string): ReceiptEndpoint | undefined {
    return this.byTransport.get(transport);
  }

  /** The endpoint that a request's URL leads to, and the token as it stands there, for what is needed before it is routed. */
  at(url: string): { readonly endpoint: ReceiptEndpoint; readonly token: string | undefined } | undefined {
    // Routers end the path at a fragment, too, which only a client of somebody's own making sends.
    const path = url.split(/[?#]/, 1)[0] ?? '';
    const { name = '', token } = this.pattern.exec(path)?.groups ?? {};
    const endpoint = this.get(name);
    return endpoint && { endpoint, token: token === '' ? undefined : token };
  }
}

function endpointOf(transport: SmsTransport, address: RoutesAddress): ReceiptEndpoint[] {
  const { name, receipts: reader } = transport;
  if (reader === undefined || receiptUrl(address, transport) === undefined) {
    return [];
  }
  const { tokens = [], allowedIps, maxBodyBytes = DEFAULT_RECEIPT_BYTES } = reader;
  return [
    {
      transport: name,
      reader,
      maxBodyBytes,
      accepts: (token) => isOneOf(tokens, token),
      allows: allowedIps === undefined ? () => true : addressList(allowedIps),
      urlOf: (token, query) => `${receiptUrl(address, transport, token) ?? ''}${query}`,
    },
  ];
}

/** In constant time (ASVS 5.0 11.2.4); all are compared, for tokens are rotated. */
function isOneOf(tokens: readonly string[], token: string | undefined): boolean {
  const isListed = tokens.map((known) => equalSecrets(known, token ?? '')).includes(true);
  return tokens.length === 0 ? token === undefined : isListed;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
