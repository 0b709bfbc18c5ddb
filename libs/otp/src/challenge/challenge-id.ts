import { randomBytes } from '../secrets/random-bytes.js';
import type { RingSecret, SecretRing } from '../secrets/secret-ring.js';
import { NONCE_BYTES, open, seal, TAG_BYTES } from '../secrets/sealing.js';
import type { ChallengeRef, Lane, RecordKey } from '../stores/otp-store.js';

const INDEX_BYTES = 12;
const ID_BYTES = 16;
const LANE_BYTES = 7;
const TOKEN_BYTES = NONCE_BYTES + INDEX_BYTES + ID_BYTES + LANE_BYTES + TAG_BYTES;
/** 63 bytes fill their characters, so an id has one spelling. */
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{84}$/;
const CONTEXT = Buffer.from('challenge-id');

export interface OpenedChallengeId {
  readonly ref: ChallengeRef;
  /** Whose budgets it uses; fixed when it was issued, and known before its record is read. */
  readonly lane: Lane;
  /** The secret that sealed the id; the challenge keeps to it for its whole life, whatever is rotated meanwhile. */
  readonly secret: RingSecret;
}

/**
 * A challenge id is the sealed triple of the number's record, 128 random bits and the lane. It tells nothing, two ids of
 * one number cannot be linked, and a forged one fails here, before the store is asked.
 */
export class ChallengeIds {
  constructor(private readonly ring: SecretRing) {}

  create(key: RecordKey, lane: Lane): OpenedChallengeId {
    return { ref: { key, id: randomBytes(ID_BYTES) }, lane, secret: this.ring.first };
  }

  seal({ ref, lane, secret }: OpenedChallengeId): string {
    const nonce = randomBytes(NONCE_BYTES);
    const plaintext = Buffer.concat([Buffer.from(ref.key.index, 'base64url'), ref.id, encodeLane(lane)]);
    const sealed = seal(secret.key('challenge-id'), plaintext, { nonce, context: CONTEXT });
    return Buffer.concat([nonce, sealed]).toString('base64url');
  }

  open(token: string): OpenedChallengeId | undefined {
    if (!TOKEN_PATTERN.test(token)) {
      return undefined;
    }
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length !== TOKEN_BYTES) {
      return undefined;
    }
    const nonce = bytes.subarray(0, NONCE_BYTES);
    for (const secret of this.ring.all) {
      const plaintext = open(secret.key('challenge-id'), bytes.subarray(NONCE_BYTES), { nonce, context: CONTEXT });
      if (plaintext !== undefined) {
        const index = plaintext.subarray(0, INDEX_BYTES).toString('base64url');
        const id = plaintext.subarray(INDEX_BYTES, INDEX_BYTES + ID_BYTES);
        const lane = decodeLane(plaintext.subarray(INDEX_BYTES + ID_BYTES));
        return { ref: { key: { kind: 'number', index }, id }, lane, secret };
      }
    }
    return undefined;
  }
}

const PUBLIC = 0;
const VOUCHED = 1;
const DEVICE = 2;

/** Always of the same length, so that an id does not tell its lane. */
function encodeLane(lane: Lane): Buffer {
  const bytes = Buffer.alloc(LANE_BYTES);
  if (lane.startsWith('device:')) {
    bytes.writeUInt8(DEVICE);
    bytes.write(lane.slice('device:'.length), 1, 'base64url');
  } else {
    bytes.writeUInt8(lane === 'vouched' ? VOUCHED : PUBLIC);
  }
  return bytes;
}

function decodeLane(bytes: Buffer): Lane {
  switch (bytes.readUInt8()) {
    case DEVICE:
      return `device:${bytes.subarray(1).toString('base64url')}`;
    case VOUCHED:
      return 'vouched';
    default:
      return 'public';
  }
}
