/** A body as JSON, or `undefined` where it is none. Read after its bytes were found to be the provider's. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
