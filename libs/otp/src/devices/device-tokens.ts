import { randomBytes } from '../secrets/random-bytes.js';
import { NONCE_BYTES, open, seal, TAG_BYTES } from '../secrets/sealing.js';
import type { SecretRing } from '../secrets/secret-ring.js';
import type { Lane, RecordKey } from '../stores/otp-store.js';
import type { Clock } from '../telemetry/clock.js';

/** How many trusted devices a number has; one more takes the place of the one that was used longest ago. */
export const MAX_DEVICES = 5;
/** A device that was not used for so long is forgotten: 90 days. */
export const DEVICE_LIFETIME_SECONDS = 90 * 86_400;

/** The lane of one trusted device of a number. */
export type DeviceLane = Extract<Lane, `device:${string}`>;

export interface OpenedDeviceToken {
  /** The record of the number that the device is trusted for; for any other number the token is worth nothing. */
  readonly key: RecordKey;
  readonly lane: DeviceLane;
}

const INDEX_BYTES = 12;
const DEVICE_ID_BYTES = 6;
const TIME_BYTES = 4;
const PLAINTEXT_BYTES = INDEX_BYTES + DEVICE_ID_BYTES + TIME_BYTES;
const TOKEN_BYTES = NONCE_BYTES + PLAINTEXT_BYTES + TAG_BYTES;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{67}$/;
const LANE_PREFIX = 'device:';
const CONTEXT = Buffer.from('device-token');

/**
 * A device token is the sealed triple of the number's record, the device's id and the time of issue (OWASP device
 * cookies). It authenticates nobody: it only chooses whose budget a request uses. The store knows which devices a number
 * has, so a token that was revoked, or whose place a newer one took, opens here and finds no lane there.
 */
export class DeviceTokens {
  constructor(
    private readonly ring: SecretRing,
    private readonly clock: Clock,
  ) {}

  newDeviceLane(): DeviceLane {
    return `${LANE_PREFIX}${randomBytes(DEVICE_ID_BYTES).toString('base64url')}`;
  }

  issue(key: RecordKey, lane: DeviceLane): string {
    const nonce = randomBytes(NONCE_BYTES);
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUInt32BE(Math.floor(this.clock.now() / 1000));
    const device = Buffer.from(lane.slice(LANE_PREFIX.length), 'base64url');
    const plaintext = Buffer.concat([Buffer.from(key.index, 'base64url'), device, time]);
    if (key.kind !== 'number' || plaintext.length !== PLAINTEXT_BYTES) {
      throw new RangeError('A device token is for a number and a lane of newDeviceLane()');
    }
    const sealed = seal(this.ring.first.key('device'), plaintext, { nonce, context: CONTEXT });
    return Buffer.concat([nonce, sealed]).toString('base64url');
  }

  /** What a token stands for; `undefined` when it is missing, not one of ours, or too old. */
  open(token: string | undefined): OpenedDeviceToken | undefined {
    if (token === undefined || !TOKEN_PATTERN.test(token)) {
      return undefined;
    }
    const bytes = Buffer.from(token, 'base64url');
    // One spelling a token: the last character of 67 carries two unused bits.
    if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) {
      return undefined;
    }
    const plaintext = this.unseal(bytes);
    return plaintext === undefined || this.isTooOld(plaintext) ? undefined : read(plaintext);
  }

  private unseal(bytes: Buffer): Buffer | undefined {
    const nonce = bytes.subarray(0, NONCE_BYTES);
    for (const secret of this.ring.all) {
      const plaintext = open(secret.key('device'), bytes.subarray(NONCE_BYTES), { nonce, context: CONTEXT });
      if (plaintext !== undefined) {
        return plaintext;
      }
    }
    return undefined;
  }

  private isTooOld(plaintext: Buffer): boolean {
    const issuedAt = plaintext.readUInt32BE(INDEX_BYTES + DEVICE_ID_BYTES);
    return this.clock.now() >= (issuedAt + DEVICE_LIFETIME_SECONDS) * 1000;
  }
}

function read(plaintext: Buffer): OpenedDeviceToken {
  const device = plaintext.subarray(INDEX_BYTES, INDEX_BYTES + DEVICE_ID_BYTES);
  return {
    key: { kind: 'number', index: plaintext.subarray(0, INDEX_BYTES).toString('base64url') },
    lane: `${LANE_PREFIX}${device.toString('base64url')}`,
  };
}
