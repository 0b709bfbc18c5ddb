import type { Mutation } from '../mutation.js';

const WEBHOOKS = 'test/attacks/webhooks.spec.ts';
const RECEIPTS = 'test/contract/receipts.spec.ts';
const HTTP = 'test/contract/receipts-http.spec.ts';

/** What providers report, and who only says that he is one. */
export const receipts: readonly Mutation[] = [
  {
    name: 'unsigned-receipt',
    guard: 'a receipt is the provider’s by its signature',
    file: 'delivery/receipts/json-receipts.ts',
    replace: 'if (signature !== undefined && !isSigned(request, signature)) {',
    by: "if (signature !== undefined && request.url === '') {",
    killedBy: {
      file: 'test/contract/transports/https-receipts.spec.ts',
      test: 'stripped, truncated, of another key, of other bytes',
    },
  },
  {
    name: 'signature-by-its-start',
    guard: 'a signature is compared to its end',
    file: 'delivery/receipts/signature.ts',
    replace: 'return timingSafeEqual(digest(left), digest(right));',
    by: 'return timingSafeEqual(digest(left.slice(0, right.length)), digest(right));',
    killedBy: { file: WEBHOOKS, test: 'stripped, of another key, empty, truncated' },
  },
  {
    name: 'receipt-of-any-age',
    guard: 'a stale receipt, or one of the future, is refused',
    file: 'delivery/receipts/signature.ts',
    replace: 'return Math.abs(nowMs / 1000 - seconds) <= toleranceSeconds;',
    by: 'return Math.abs(nowMs / 1000 - seconds) <= toleranceSeconds * 1e9;',
    killedBy: { file: WEBHOOKS, test: 'stale ones, and ones of the future' },
  },
  {
    name: 'receipt-told-twice',
    guard: 'a replayed receipt tells nothing again',
    file: 'flows/receipt.flow.ts',
    replace: 'ttlSeconds: RECEIPT_LIFETIME_SECONDS })) === undefined;',
    by: 'ttlSeconds: RECEIPT_LIFETIME_SECONDS })) !== null;',
    killedBy: { file: RECEIPTS, test: 'a repeat is answered as the first was, and nothing happens' },
  },
  {
    name: 'receipt-of-an-old-code',
    guard: 'a receipt of an old message touches no new code',
    file: 'flows/receipt.flow.ts',
    replace: "found.generation, { kind: 'delivery', delivery }",
    by: "(await store.challenges.find(found.id.ref))?.generation ?? 1, { kind: 'delivery', delivery }",
    killedBy: { file: RECEIPTS, test: 'a receipt of an old message touches no new one' },
  },
  {
    name: 'receipt-refunds',
    guard: 'a receipt gives nothing back',
    file: 'flows/receipt.flow.ts',
    replace: 'const delivery = receipt.state;',
    by: "const delivery = receipt.state;\n    await store.limits.clear(found.id.ref.key, ['sends']);",
    killedBy: { file: RECEIPTS, test: 'takes from no limit and gives back to none, and is worth no code' },
  },
  {
    name: 'receipt-with-any-token',
    guard: 'the secret of a provider’s address is compared',
    file: 'http/webhooks/receipt-endpoints.ts',
    replace: 'return tokens.length === 0 ? token === undefined : isListed;',
    by: 'return tokens.length === 0 ? token === undefined : isListed || token !== undefined;',
    killedBy: { file: HTTP, test: 'what is not there, and a wrong secret, with one answer' },
  },
  {
    name: 'receipt-from-anywhere',
    guard: 'a provider with listed addresses calls from these alone',
    file: 'http/webhooks/receipt.controller.ts',
    replace: 'if (!endpoint.allows(ip)) {',
    by: "if (!endpoint.allows(ip) && ip === '') {",
    killedBy: { file: HTTP, test: 'addresses that are not listed, as far as proxies are believed' },
  },
  {
    name: 'twilio-any-address',
    guard: 'a signature over the address is for the public address alone',
    file: 'delivery/receipts/twilio-receipts.ts',
    replace: 'if (!isSigned(request, authTokens, params)) {',
    by: 'if (params.size === 0) {',
    killedBy: {
      file: WEBHOOKS,
      test: 'what its own library signs is believed, at the public address and nowhere else',
    },
  },
];
