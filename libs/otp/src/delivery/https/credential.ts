/** A key, or a function that gives the one of this moment (from a vault, or rotated); it is called for each message. */
export type Credential = string | (() => string | Promise<string>);

/** A credential could not be had. Nothing was sent. */
export class CredentialError extends Error {
  override readonly name = 'CredentialError';
}

/** @throws CredentialError when there is none now; it tells nothing of what the function threw */
export async function readCredential(credential: Credential): Promise<string> {
  try {
    const value = typeof credential === 'function' ? await credential() : credential;
    if (typeof value === 'string' && value !== '') {
      return value;
    }
  } catch {
    // A vault's error may repeat what it was asked for.
  }
  throw new CredentialError('no credential');
}

/** RFC 7617. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}
