import { randomBytes } from 'node:crypto';
import { DemoConfigError, read, readList, type Environment } from './environment.js';

export interface DemoSecrets {
  /** The first seals, all open. */
  readonly secrets: readonly string[];
  /** Without it the library derives it from the only secret. */
  readonly indexSecret?: string;
  /** Separates the keys of this demo from those of others on one Redis. */
  readonly namespace: string;
  /** What an operator should read at the start. */
  readonly warnings: readonly string[];
}

const MIN_SECRET_BYTES = 32;
const MAKE_A_SECRET = 'make one with: openssl rand -base64 48';

/** @throws DemoConfigError */
export function readSecrets(env: Environment, production: boolean): DemoSecrets {
  const secrets = readList(env, 'OTP_SECRETS');
  const indexSecret = read(env, 'OTP_INDEX_SECRET');
  if (production) {
    requireInProduction({ OTP_SECRETS: secrets, OTP_INDEX_SECRET: indexSecret });
  }
  secrets?.forEach((secret) => requireLongEnough('OTP_SECRETS', secret));
  if (indexSecret !== undefined) {
    requireLongEnough('OTP_INDEX_SECRET', indexSecret);
  } else if (secrets !== undefined && secrets.length > 1) {
    throw new DemoConfigError(
      `OTP_INDEX_SECRET is not set although OTP_SECRETS has ${secrets.length} entries: set it, so that changing a ` +
        `secret resets no counter (${MAKE_A_SECRET}).`,
    );
  }
  const index = indexSecret === undefined ? {} : { indexSecret };
  if (secrets !== undefined) {
    return { secrets, ...index, namespace: 'demo', warnings: [] };
  }
  return {
    secrets: [randomBytes(48).toString('base64')],
    ...index,
    // A new secret at every start cannot open what the last one sealed, so it gets a namespace of its own.
    namespace: `demo-${randomBytes(4).toString('hex')}`,
    warnings: [
      'OTP_SECRETS is not set: a random secret is used, so codes and counters do not survive a restart and are not ' +
        `shared between instances (${MAKE_A_SECRET}).`,
    ],
  };
}

function requireInProduction(variables: Readonly<Record<string, unknown>>): void {
  const missing = Object.keys(variables).filter((name) => variables[name] === undefined);
  if (missing.length > 0) {
    const verb = missing.length > 1 ? 'are' : 'is';
    const each = missing.length > 1 ? 'each to a secret of its own' : 'it';
    throw new DemoConfigError(
      `${missing.join(' and ')} ${verb} not set, and production does not start without: set ${each} (${MAKE_A_SECRET}).`,
    );
  }
}

function requireLongEnough(name: string, secret: string): void {
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new DemoConfigError(
      `${name} holds a secret of less than ${MIN_SECRET_BYTES} bytes: use a longer one (${MAKE_A_SECRET}).`,
    );
  }
}
