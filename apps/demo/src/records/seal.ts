import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what the demo stores from whoever reads its store: the first secret seals, all open (AES-256-GCM). */
export class Seal {
  private readonly sealingKey: Buffer;
  private readonly keys: readonly Buffer[];
  private readonly indexKey: Buffer;

  constructor({ secrets, indexSecret }: { readonly secrets: readonly string[]; readonly indexSecret?: string }) {
    const [first] = secrets;
    if (first === undefined) {
      throw new Error('there is no secret to seal with');
    }
    this.keys = secrets.map((secret) => derive(secret, 'demo records'));
    this.sealingKey = derive(first, 'demo records');
    this.indexKey = derive(indexSecret ?? first, 'demo index');
  }

  /** @param name the record's; text that is moved to another record does not open there */
  seal(text: string, name: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealingKey, iv).setAAD(Buffer.from(name));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** `undefined` for what none of the secrets sealed under this name. */
  open(sealed: string, name: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    for (const key of this.keys) {
      const text = decipher(bytes, key, name);
      if (text !== undefined) {
        return text;
      }
    }
    return undefined;
  }

  /** A name for something that can be guessed, such as a number: without the secret it tells nothing. */
  index(value: string): string {
    return createHmac('sha256', this.indexKey).update(value).digest('base64url');
  }
}

function derive(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', use, 32));
}

function decipher(bytes: Buffer, key: Buffer, name: string): string | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) {
    return undefined;
  }
  try {
    const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(name)).setAuthTag(tag);
    const sealed = bytes.subarray(IV_BYTES + TAG_BYTES);
    return Buffer.concat([cipher.update(sealed), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
