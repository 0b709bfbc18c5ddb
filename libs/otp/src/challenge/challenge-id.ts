import { randomBytes } from '../secrets/random-bytes.js';
import type { RingSecret, SecretRing } from '../secrets/secret-ring.js';
import { NONCE_BYTES, open, seal, TAG_BYTES } from '../secrets/sealing.js';
import type { ChallengeRef, RecordKey } from '../stores/otp-store.js';

const INDEX_BYTES = 12;
const ID_BYTES = 16;
const TOKEN_BYTES = NONCE_BYTES + INDEX_BYTES + ID_BYTES + TAG_BYTES;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{75}$/;
const CONTEXT = Buffer.from('challenge-id');

export interface OpenedChallengeId {
  readonly ref: ChallengeRef;
  /** The secret that sealed the id; the challenge keeps to it for its whole life, whatever is rotated meanwhile. */
  readonly secret: RingSecret;
}

/**
 * A challenge id is the sealed pair of the number's record and 128 random bits. It tells nothing, two ids of one
 * number cannot be linked, and a forged one fails here, before the store is asked.
 */
export class ChallengeIds {
  constructor(private readonly ring: SecretRing) {}

  create(key: RecordKey): OpenedChallengeId {
    return { ref: { key, id: randomBytes(ID_BYTES) }, secret: this.ring.first };
  }

  seal({ ref, secret }: OpenedChallengeId): string {
    const nonce = randomBytes(NONCE_BYTES);
    const plaintext = Buffer.concat([Buffer.from(ref.key.index, 'base64url'), ref.id]);
    const sealed = seal(secret.key('challenge-id'), plaintext, { nonce, context: CONTEXT });
    return Buffer.concat([nonce, sealed]).toString('base64url');
  }

  open(token: string): OpenedChallengeId | undefined {
    if (!TOKEN_PATTERN.test(token)) {
      return undefined;
    }
    const bytes = Buffer.from(token, 'base64url');
    // One spelling an id: the last character of 75 carries two unused bits.
    if (bytes.length !== TOKEN_BYTES || bytes.toString('base64url') !== token) {
      return undefined;
    }
    const nonce = bytes.subarray(0, NONCE_BYTES);
    for (const secret of this.ring.all) {
      const plaintext = open(secret.key('challenge-id'), bytes.subarray(NONCE_BYTES), { nonce, context: CONTEXT });
      if (plaintext !== undefined) {
        const index = plaintext.subarray(0, INDEX_BYTES).toString('base64url');
        return { ref: { key: { kind: 'number', index }, id: plaintext.subarray(INDEX_BYTES) }, secret };
      }
    }
    return undefined;
  }
}
