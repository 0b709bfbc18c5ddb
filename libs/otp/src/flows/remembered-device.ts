import { DEVICE_LIFETIME_SECONDS, type DeviceLane, MAX_DEVICES } from '../devices/device-tokens.js';
import type { RememberedDevice } from '../stores/otp-store.js';
import type { LiveChallenge } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import type { OtpClientOption } from './results.js';

export type DeviceToRemember = RememberedDevice & { readonly lane: DeviceLane };

export interface RememberRequest {
  readonly client: OtpClientOption;
  /** Whether a success leaves a device token. */
  readonly rememberDevice?: boolean | undefined;
}

/**
 * On request, and whenever a trusted device answers its own challenge: its token is replaced at every success. The lane of
 * the challenge goes on in the new one, so no chain of devices gets ever new budgets.
 */
export function rememberedDevice(
  { devices }: OtpParts,
  { client, rememberDevice }: RememberRequest,
  { id }: LiveChallenge,
): DeviceToRemember | undefined {
  const token = client === 'none' ? undefined : devices.open(client.deviceToken);
  const presented = token?.key.index === id.ref.key.index ? token.lane : undefined;
  if (rememberDevice !== true && presented !== id.lane) {
    return undefined;
  }
  const replaces = id.lane === 'public' || id.lane === 'vouched' ? presented : id.lane;
  return {
    lane: devices.newDeviceLane(),
    ...(replaces === undefined ? {} : { replaces }),
    most: MAX_DEVICES,
    lifetimeSeconds: DEVICE_LIFETIME_SECONDS,
  };
}
