import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './tool-runner.js';

/** Names of what somebody may want to guess byte by byte. */
const SECRET = /(?:signature|digest|mac|hmac|secret|password|token|hash|pepper|code|proof|fingerprint|nonce|tag)$/i;
/** Text methods that stop at the first difference. */
const EARLY = /^(?:equals|compare|localeCompare|includes|startsWith|endsWith|indexOf)$/;

/** Comparisons that end early and may: what is compared is public, or the caller's own. */
const HARMLESS = [
  // Both sides are this instance's: the stored nonce is that of a call of the module.
  'libs/otp/src/stores/memory/memory-challenge.store.ts: tombstone.nonce.equals(replacement.nonce)',
  // At boot: a keyed fingerprint in the store, and the options'.
  'libs/otp/src/otp.assembly.ts: known !== fingerprint',
  'libs/otp/src/delivery/transports/esendex.transport.ts: tag === locale',
  // Whether the text is base64url at all, before it is compared in constant time.
  "libs/otp/src/delivery/receipts/messagebird-receipts.ts: Buffer.from(signature, 'base64url').toString('base64url') === signature",
  "libs/otp/src/delivery/receipts/vonage-messages-receipts.ts: Buffer.from(signature, 'base64url').toString('base64url') === signature",
  "libs/otp/src/devices/device-tokens.ts: bytes.toString('base64url') !== token",
  // The address of a public confirmation, written in the message itself.
  "libs/otp/src/delivery/receipts/aws-receipts.ts: url.searchParams.getAll('Token').join() === token",
  // A hash of what the caller sent, and one of what he is asked to confirm.
  'libs/otp/src/http/guard/call-reader.ts: sent.equals(canonicalHash(details))',
  // Of one client's own requests under one idempotency key.
  'libs/otp/src/flows/idempotent-issue.flow.ts: fingerprint === claim.fingerprint',
  'libs/otp/src/message/choose-template.ts: allowed.includes(tag)',
  // Of the options.
  'libs/otp/src/proof/proof-keys.ts: secret !== ring.first',
  // Codes of countries.
  'apps/demo/src/config.ts: COUNTRIES.includes(code)',
  'apps/demo/src/pages/phone-fields.tsx: typed.country === code',
];

async function comparisons(): Promise<string[]> {
  const folders = ['libs/otp/src', 'apps/demo/src'];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(repositoryRoot, folder), { recursive: true })).map((file) => `${folder}/${file}`),
    ),
  );
  const sources = files.flat().filter((file) => /(?<!\.spec|\.d)\.tsx?$/.test(file) && !file.includes('/testing/'));
  const found = await Promise.all(
    sources.map(async (file) =>
      comparisonsIn(await readFile(join(repositoryRoot, file), 'utf8')).map((text) => `${file}: ${text}`),
    ),
  );
  return found.flat();
}

/** Where something with the name of a secret is compared with something that is no literal. */
function comparisonsIn(text: string): string[] {
  const source = ts.createSourceFile('x.tsx', text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isEarlyComparison(node)) {
      found.push(node.getText().replace(/\s+/g, ' '));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isEarlyComparison(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    const sides = [node.left, node.right];
    return /^[=!]==?$/.test(node.operatorToken.getText()) && !sides.some(isLiteral) && sides.some(isSecret);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    return EARLY.test(name.text) && [expression, ...node.arguments].some(isSecret);
  }
  return false;
}

function isLiteral(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    ts.isTypeOfExpression(node) ||
    /^(?:undefined|null|true|false)$/.test(node.getText())
  );
}

function isSecret(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) {
    return isSecret(node.expression);
  }
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return ts.isIdentifier(name) && SECRET.test(name.text);
}

describe('comparisons of what is secret', () => {
  it('E3 take the same time wherever the first difference is, but for those that may not matter', async () => {
    expect((await comparisons()).toSorted()).toEqual(HARMLESS.toSorted());
  });

  it('E3 the search sees a comparison that ends early', () => {
    expect(comparisonsIn('if (stored.digest === actual) {} mac.equals(sent); given !== hash(x)')).toHaveLength(3);
    expect(comparisonsIn("timingSafeEqual(digest, other); code === undefined; outcome === 'code'")).toEqual([]);
  });

  it.each(['hashing/argon2id.hasher.ts', 'hashing/hmac.hasher.ts', 'delivery/receipts/signature.ts'])(
    'E3 %s compares with timingSafeEqual',
    async (file) => {
      expect(await readFile(join(repositoryRoot, 'libs/otp/src', file), 'utf8')).toMatch(/return .*timingSafeEqual\(/);
    },
  );
});
