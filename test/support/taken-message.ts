import { randomBytes } from 'node:crypto';
import { ChallengeIds } from '../../libs/otp/src/challenge/challenge-id.js';
import { PurposeRegistry } from '../../libs/otp/src/challenge/purpose.js';
import { NO_TRANSACTION } from '../../libs/otp/src/challenge/transaction.js';
import type { LiveChallenge } from '../../libs/otp/src/flows/live-challenge.js';
import { RecordIndex } from '../../libs/otp/src/secrets/record-index.js';
import { SecretRing } from '../../libs/otp/src/secrets/secret-ring.js';

/** What names and seals the things of one application, of a secret of its own. */
export function newSeals(secret = randomBytes(32).toString('hex')) {
  const ring = new SecretRing([secret], 'otp');
  return { ring, ids: new ChallengeIds(ring), index: new RecordIndex(secret, 'otp') };
}

/** A challenge of some number's, with a message on its way. */
export function newChallenge(ids: ChallengeIds): LiveChallenge {
  const index = randomBytes(12).toString('base64url');
  return {
    id: ids.create({ kind: 'number', index }, 'public'),
    purpose: new PurposeRegistry({ login: { start: 'public' } }).require('login'),
    payload: {
      number: { e164: '+31612345678', country: 'NL', handsetKey: '+31612345678', masked: '+31*******78' },
      purpose: 'login',
      subject: undefined,
      locale: undefined,
      channel: 'sms',
      decoy: false,
      test: false,
      transaction: NO_TRANSACTION,
      session: undefined,
      messages: [],
    },
  };
}
