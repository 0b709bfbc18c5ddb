import { maskIpGroup } from '../limits/ip-group.js';
import type { LimitKeys } from '../limits/limit-policy.js';
import type { RecordKey } from '../stores/otp-store.js';
import type { OtpParts } from './otp-parts.js';
import type { OtpClientOption } from './results.js';

/** The client behind a call, as limits, seats and events know it. */
export interface RequestClient {
  /** The record of its address; missing for `client: 'none'`. */
  readonly key: RecordKey | undefined;
  /** For events. */
  readonly network: { readonly clientNetwork?: string };
}

export function requestClient({ index, ipGroup }: OtpParts, client: OtpClientOption): RequestClient {
  if (client === 'none') {
    return { key: undefined, network: {} };
  }
  const group = ipGroup(client.ip);
  return { key: index.ip(group), network: { clientNetwork: maskIpGroup(group) } };
}

/** What a hash seat is counted by. */
export function seatKeys({ number, ip }: LimitKeys): string[] {
  return ip ? [number.index, ip.index] : [number.index];
}
