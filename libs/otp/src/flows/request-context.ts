import { createHash } from 'node:crypto';
import { maskIpGroup } from '../limits/ip-group.js';
import type { Lane, RecordKey } from '../stores/otp-store.js';
import type { OtpParts } from './otp-parts.js';
import type { OtpClientOption } from './results.js';

/** The client behind a call, as limits, seats and events know it. */
export interface RequestClient {
  /** The group of its address; missing for `client: 'none'`. */
  readonly ipGroup: string | undefined;
  /** As it was given, for a risk assessor. */
  readonly ip: string | undefined;
  /** For events. */
  readonly network: { readonly clientNetwork?: string };
}

export function requestClient({ ipGroup }: OtpParts, client: OtpClientOption): RequestClient {
  if (client === 'none') {
    return { ipGroup: undefined, ip: undefined, network: {} };
  }
  const group = ipGroup(client.ip);
  return { ipGroup: group, ip: client.ip, network: { clientNetwork: maskIpGroup(group) } };
}

/** The client of a message that was sent before; its address is not known any more. */
export function earlierClient(ipGroup: string | undefined): RequestClient {
  return { ipGroup, ip: undefined, network: ipGroup === undefined ? {} : { clientNetwork: maskIpGroup(ipGroup) } };
}

/** The client's session as codes are bound to it. */
export function sessionHash(session: string | undefined): Buffer | undefined {
  return session === undefined ? undefined : createHash('sha256').update(session).digest();
}

/** What a hash seat is counted by: strangers who fill the public lane of a number keep nobody out of another. */
export function seatKeys(number: RecordKey, lane: Lane, { ipGroup }: RequestClient): string[] {
  const key = lane === 'public' ? number.index : `${number.index} ${lane}`;
  return ipGroup === undefined ? [key] : [key, ipGroup];
}
