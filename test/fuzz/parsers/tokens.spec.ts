import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import { ChallengeIds } from '../../../libs/otp/src/challenge/challenge-id.js';
import { secretProofKeys } from '../../../libs/otp/src/proof/proof-keys.js';
import { ProofService } from '../../../libs/otp/src/proof/proof-service.js';
import { SecretRing } from '../../../libs/otp/src/secrets/secret-ring.js';
import { effort } from '../../support/effort.js';
import { TEST_SECRET } from '../../support/otp-app.js';
import { mutated, strangeJson } from '../arbitraries/mutated.js';
import { anyText, nearly } from '../arbitraries/texts.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';

const timeout = FUZZ_TIMEOUT_MS;
const NOW = Date.UTC(2026, 0, 1);
const ring = new SecretRing([TEST_SECRET], 'otp');

describe('J2 H5 ids and proofs of any text', () => {
  it('case 91 nothing but an id that was issued opens as one', { timeout }, async () => {
    const tried = new Tried();
    const ids = new ChallengeIds(ring);
    const created = ids.create({ kind: 'number', index: randomBytes(12).toString('base64url') }, 'public');
    const id = ids.seal(created);
    const text = fc.oneof(
      { weight: 6, arbitrary: nearly(id) },
      {
        weight: 2,
        arbitrary: fc
          .uint8Array({ minLength: 63, maxLength: 63 })
          .map((bytes) => Buffer.from(bytes).toString('base64url')),
      },
      { weight: 1, arbitrary: anyText },
    );
    const property = fc.property(text, (token) => {
      const opened = ids.open(token);
      tried.add(opened === undefined ? 'refused' : 'opened');
      return token === id ? opened?.ref.id.equals(created.ref.id) === true : opened === undefined;
    });
    await assertHolds(property, { runs: effort(1_500, 40_000), tried });
  });

  it('case 74 nothing but a proof that was signed is one', { timeout }, async () => {
    const tried = new Tried();
    const proofs = new ProofService({
      keys: secretProofKeys(ring),
      namespace: 'otp',
      issuer: 'otp',
      ttlSeconds: 600,
      clockToleranceSeconds: 5,
      clock: { now: () => NOW },
    });
    const { proof } = await proofs.sign({
      phoneNumber: '+31612345678',
      purpose: 'login',
      subject: 'user-1',
      amr: ['sms'],
    });
    const [head = '', claims = '', signature = ''] = proof.split('.');
    const part = (text: string) => {
      const json: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
      return fc.oneof(fc.constant(json), mutated(json, strangeJson)).map(encode);
    };
    const jwt = fc
      .tuple(part(head), part(claims), fc.constantFrom(signature, '', 'AAAA', signature.toLowerCase()))
      .map((parts) => parts.join('.'));
    const text = fc.oneof(
      { weight: 4, arbitrary: jwt },
      { weight: 3, arbitrary: nearly(proof) },
      { weight: 1, arbitrary: anyText },
    );
    const property = fc.asyncProperty(text, async (token) => {
      const reading = await proofs.read(token);
      tried.add(reading.outcome);
      assert.ok(token !== proof || reading.outcome === 'valid');
      // Of a signature's text the last character has bits that no decoder reads.
      assert.ok(reading.outcome !== 'valid' || decoded(token) === decoded(proof), token);
      return true;
    });
    await assertHolds(property, { runs: effort(800, 25_000), tried });
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
}

/** Head and claims as they are signed, and the bytes of the signature. */
function decoded(token: string): string {
  const [head, claims, signature = '', ...rest] = token.split('.');
  return [head, claims, Buffer.from(signature, 'base64url').toString('hex'), ...rest].join('.');
}
