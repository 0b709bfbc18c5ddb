import type { CodeHasher, OtpStore, OutgoingMessage, SmsTransport } from 'nestjs-sms-otp';
import { withChallenges } from '../support/unguarded-store.js';

/** Whom the witnesses tell: the ledger, or from another process the file that it is read from. */
export interface Witnessed {
  tellSent(number: string, code: string): void;
  /** Which challenge a stored hash belongs to. */
  tellMade(hash: string, challenge: string): void;
  tellCompared(hash: string): void;
}

/** Sees which challenge each hash is stored for. */
export function witnessedStore(store: OtpStore, ledger: Witnessed): OtpStore {
  const { challenges } = store;
  const tell = (id: Buffer, hash: Buffer) => ledger.tellMade(hash.toString('hex'), id.toString('hex'));
  return withChallenges(store, {
    create(ref, challenge, charge) {
      tell(ref.id, challenge.hash);
      return challenges.create(ref, challenge, charge);
    },
    replaceIf(ref, generation, replacement) {
      if (replacement.kind === 'code') {
        tell(ref.id, replacement.code.hash);
      }
      return challenges.replaceIf(ref, generation, replacement);
    },
  });
}

/** Sees every comparison, before it is made. */
export function witnessedHasher(hasher: CodeHasher, ledger: Witnessed): CodeHasher {
  return {
    name: hasher.name,
    occupiesThread: hasher.occupiesThread,
    prepare: () => hasher.prepare(),
    hash: (input) => hasher.hash(input),
    verify(input, stored) {
      ledger.tellCompared(stored.toString('hex'));
      return hasher.verify(input, stored);
    },
  };
}

/** A provider that takes every message. */
export function witnessedTransport(ledger: Witnessed): SmsTransport {
  return {
    name: 'sink',
    channels: ['sms'],
    async send({ to, code }: OutgoingMessage) {
      ledger.tellSent(to, code);
      return { outcome: 'accepted', messageId: 'taken' };
    },
  };
}
