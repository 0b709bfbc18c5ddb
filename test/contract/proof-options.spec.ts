import { Test } from '@nestjs/testing';
import { generateKeyPairSync } from 'node:crypto';
import { memoryStore, OtpModule, OtpOptionsError } from 'nestjs-sms-otp';
import { describe, expect, it } from 'vitest';
import { SILENT_LOGGER, TEST_SECRET } from '../support/otp-app.js';

const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = EC.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const RSA_PEM = RSA.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** What is wrong with the options, one line a mistake; empty when the module starts. */
async function problemsOf(options: object): Promise<readonly string[]> {
  const valid = { serviceName: 'Acme', secrets: [TEST_SECRET], purposes: { login: { start: 'public' } } } as const;
  try {
    const ref = await Test.createTestingModule({ imports: [OtpModule.forRoot({ ...valid, ...options })] })
      .setLogger(SILENT_LOGGER)
      .compile();
    await ref.close();
    return [];
  } catch (error) {
    if (error instanceof OtpOptionsError) {
      return error.problems;
    }
    throw error;
  }
}

const login = (audience: unknown) => ({ purposes: { login: { start: 'public', audience } } });

describe('options of proofs at boot', () => {
  it.each<[string, object]>([
    ['PEM text', { proofs: { keys: [PEM] } }],
    ['a KeyObject and a public key', { proofs: { keys: [generateKeyPairSync('ed25519').privateKey, EC.publicKey] } }],
    ['the tolerance at its ends', { proofs: { clockToleranceSeconds: 60 } }],
    ['no tolerance', { proofs: { clockToleranceSeconds: 0 } }],
    ['an audience', login('https://payments.acme.example')],
    ['audiences', login(['payments', 'a'.repeat(255)])],
    ['no audience', login([])],
  ])('%s will do', async (_name, options) => {
    expect(await problemsOf(options)).toEqual([]);
  });

  it.each<[string, string, object]>([
    [
      'an RSA key',
      'proofs.keys[0]: is of type rsa and must be EC on P-256 or Ed25519',
      { proofs: { keys: [RSA_PEM] } },
    ],
    ['a second key that is none', 'proofs.keys[1]: is not the PEM text of a key', { proofs: { keys: [PEM, 'x'] } }],
    ['a public key first', 'proofs.keys: must begin with a private key', { proofs: { keys: [EC.publicKey] } }],
    ['a key twice', 'proofs.keys: lists the same key twice', { proofs: { keys: [PEM, EC.privateKey] } }],
    ['no key', 'proofs.keys: must have a key', { proofs: { keys: [] } }],
    ['no list', 'proofs.keys: must be an array of keys', { proofs: { keys: PEM } }],
    [
      'too much tolerance',
      'proofs.clockToleranceSeconds: must be a whole number from 0 to 60',
      { proofs: { clockToleranceSeconds: 61 } },
    ],
    [
      'tolerance in words',
      'proofs.clockToleranceSeconds: must be a whole number',
      { proofs: { clockToleranceSeconds: '5s' } },
    ],
    ['an empty audience', 'purposes.login.audience: must be text of 1 to 255 characters', login('')],
    ['a long audience', 'purposes.login.audience: must be text of 1 to 255 characters', login('a'.repeat(256))],
    ['an audience that is no text', 'purposes.login.audience: must be text', login([7])],
    ['an audience twice', 'purposes.login.audience: lists the same service twice', login(['a', 'a'])],
    ['the namespace as audience', "purposes.login.audience: lists the namespace 'otp'", login('otp')],
    ['the namespace among audiences', "purposes.login.audience: lists the namespace 'otp'", login(['a', 'otp'])],
    [
      'the store’s own namespace as audience',
      "purposes.login.audience: lists the namespace 'acme'",
      { ...login('acme'), store: memoryStore({ namespace: 'acme' }) },
    ],
  ])('%s is refused', async (_name, problem, options) => {
    const problems = await problemsOf(options);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('case 66 no problem repeats a key', async () => {
    const [problem = ''] = await problemsOf({ proofs: { keys: [RSA_PEM] } });
    const lines = RSA_PEM.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => problem.includes(line.slice(0, 12)))).toEqual([]);
  });
});
