import { execFile } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SignerOptions {
  /** @default 'sns.amazonaws.com' */
  readonly commonName?: string;
  /** @default 2048 */
  readonly bits?: number;
  /** @default 30 */
  readonly days?: number;
}

export type SnsFields = Readonly<Record<string, unknown>>;

/** Signs as SNS does, with a certificate made for the test. */
export class SnsSigner {
  private constructor(
    private readonly privateKey: string,
    readonly certificate: string,
  ) {}

  static async create({ commonName = 'sns.amazonaws.com', bits = 2048, days = 30 }: SignerOptions = {}) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const folder = await mkdtemp(join(tmpdir(), 'sns-signer-'));
    try {
      const file = join(folder, 'key.pem');
      await writeFile(file, key, { mode: 0o600 });
      const subject = ['-subj', `/CN=${commonName}`, '-days', `${days}`];
      const { stdout } = await run('openssl', ['req', '-x509', '-new', '-sha256', '-key', file, ...subject]);
      return new SnsSigner(key, stdout);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  /** The message with its signature. What is signed is put together as AWS documents it, and not by our code. */
  sign(fields: SnsFields, version = '2'): SnsFields {
    const keys =
      fields['Type'] === 'Notification'
        ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
        : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
    const signer = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
    for (const key of keys.filter((name) => name in fields)) {
      signer.update(`${key}\n${String(fields[key])}\n`, 'utf8');
    }
    return { ...fields, SignatureVersion: version, Signature: signer.sign(this.privateKey, 'base64') };
  }
}
