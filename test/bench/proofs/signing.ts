import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';

export type SignatureAlgorithm = 'HS256' | 'ES256';

/** What signs proofs and the tokens beside them, with the same algorithm. */
export interface Signing {
  /** Its keys are text, as in the documentation of NestJS: `jsonwebtoken` reads them anew for every token. */
  readonly jwtFromText: JwtService;
  /** Its keys have been read once. */
  readonly jwtFromKey: JwtService;
  readonly secret: string;
  /** PEM, where proofs are not signed with the secret. */
  readonly proofKeys: readonly string[];
}

const SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';

export function signingWith(algorithm: SignatureAlgorithm): Signing {
  return algorithm === 'HS256' ? withSecret() : withKeyPair();
}

function withSecret(): Signing {
  return {
    jwtFromText: new JwtService({ secret: SECRET }),
    jwtFromKey: new JwtService({ secret: createSecretKey(SECRET, 'utf8') }),
    secret: SECRET,
    proofKeys: [],
  };
}

function withKeyPair(): Signing {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signOptions = { algorithm: 'ES256' } as const;
  return {
    jwtFromText: new JwtService({
      privateKey: pem(privateKey, 'pkcs8'),
      publicKey: pem(publicKey, 'spki'),
      signOptions,
    }),
    jwtFromKey: new JwtService({ privateKey, publicKey, signOptions }),
    secret: SECRET,
    proofKeys: [pem(privateKey, 'pkcs8')],
  };
}

function pem(key: KeyObject, type: 'pkcs8' | 'spki'): string {
  return key.export({ type, format: 'pem' }).toString();
}
