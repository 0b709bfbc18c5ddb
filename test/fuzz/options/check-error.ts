import assert from 'node:assert/strict';
import { TEST_INDEX_SECRET, TEST_SECRET } from '../../support/otp-app.js';
import { TOKEN } from '../../support/receipts.js';
import { PROVIDER_SECRET } from '../providers.js';

/** What JavaScript says of a value that nobody has looked at. */
const UNCHECKED =
  /cannot read|undefined \(|is not a function|is not iterable|cannot destructure|cannot convert|not a constructor|circular|invalid array/i;
/** Whatever was given, the error is one that says so, and it repeats no secret. */
export function checkError(error: unknown, isTold: (error: Error) => boolean): true {
  assert.ok(error instanceof Error && isTold(error), error instanceof Error ? error.stack : String(error));
  for (const secret of [TEST_SECRET, TEST_INDEX_SECRET, PROVIDER_SECRET, TOKEN]) {
    assert.ok(!error.message.includes(secret), `the error tells a secret: ${error.message}`);
  }
  assert.doesNotMatch(error.message, UNCHECKED);
  return true;
}
