import type { Mutation } from '../mutation.js';

const BODIES = 'test/contract/http-bodies.spec.ts';
const REQUEST_GUARD = 'http/otp-request.guard.ts';
const IDEMPOTENCY = 'test/contract/http-idempotency.spec.ts';

/** The built-in routes: bodies, origins, headers, who may start what. */
export const http: readonly Mutation[] = [
  {
    name: 'foreign-page-passes',
    guard: 'pages of other sites are refused',
    file: REQUEST_GUARD,
    replace: "if (provenanceOf(request, this.http.allowedOrigins) === 'foreign') {",
    by: 'if (provenanceOf(request, this.http.allowedOrigins) === undefined) {',
    killedBy: { file: 'test/contract/http-origin.spec.ts', test: '%j is 403 and nothing is sent' },
  },
  {
    name: 'fetch-site-not-read',
    guard: 'Sec-Fetch-Site tells a page of another site',
    file: 'http/same-site.ts',
    replace: "const site = header(request, 'sec-fetch-site');",
    by: 'const site: string | undefined = undefined;',
    killedBy: { file: 'test/contract/http-origin.spec.ts', test: '%j is 403 and nothing is sent' },
  },
  {
    name: 'any-origin-is-own',
    guard: 'an older browser’s Origin must be the own host',
    file: 'http/same-site.ts',
    replace: "hostOf(origin) === header(request, 'host') ? 'own'",
    by: "hostOf(origin) !== undefined ? 'own'",
    killedBy: { file: 'test/contract/http-origin.spec.ts', test: '%j is 403 and nothing is sent' },
  },
  {
    name: 'large-body-read',
    guard: 'bodies have 4 KiB at most',
    file: REQUEST_GUARD,
    replace: 'if (Number(length) > MAX_BODY_BYTES) {',
    by: 'if (Number(length) > 1e9) {',
    killedBy: { file: BODIES, test: 'a body of %i bytes is 413' },
  },
  {
    name: 'body-of-untold-size',
    guard: 'a body that does not tell its size is refused',
    file: REQUEST_GUARD,
    replace: 'if (length === undefined) {',
    by: "if (length === '') {",
    killedBy: { file: BODIES, test: 'a chunked body of %i bytes is 413' },
  },
  {
    name: 'form-read',
    guard: 'bodies are JSON',
    file: REQUEST_GUARD,
    replace: " || type !== 'application/json') {",
    by: ') {',
    killedBy: { file: BODIES, test: 'a form is 415' },
  },
  {
    name: 'packed-body-read',
    guard: 'compressed bodies are refused',
    file: REQUEST_GUARD,
    replace: "(encoding !== undefined && encoding !== 'identity') || ",
    by: '',
    killedBy: { file: BODIES, test: 'a body with Content-Encoding %s is 415 or 400' },
  },
  {
    name: 'unknown-members-read',
    guard: 'members that are not known are refused',
    file: 'http/request-body.ts',
    replace: 'export const VERIFY_BODY = z.strictObject(',
    by: 'export const VERIFY_BODY = z.object(',
    killedBy: {
      file: 'test/contract/http-verify.spec.ts',
      test: 'a body with a member that is not known is 400 and costs no attempt',
    },
  },
  {
    name: 'answer-cached',
    guard: 'no answer is cached',
    file: 'http/otp.controller.ts',
    replace: "    @DescribedRoute('verify')\n    @HttpCode(200)\n    @Header('Cache-Control', 'no-store')\n",
    by: "    @DescribedRoute('verify')\n    @HttpCode(200)\n",
    killedBy: { file: 'test/contract/http-verify.spec.ts', test: 'the right code earns a proof' },
  },
  {
    name: 'every-purpose-public',
    guard: 'the built-in route starts public purposes alone',
    file: 'challenge/purpose.ts',
    replace: "filter((purpose) => purpose.start === 'public')",
    by: 'filter((purpose) => purpose.start !== undefined)',
    killedBy: {
      file: 'test/contract/http-challenges.spec.ts',
      test: 'purpose %j is 400: not public, unknown or no name',
    },
  },
  {
    name: 'key-of-everybody',
    guard: 'an idempotency key is the client’s own',
    file: 'flows/idempotent-issue.flow.ts',
    replace: "client === 'none' ? 'none' : ipGroup(client.ip)",
    by: "client === 'none' ? 'none' : String(ipGroup !== undefined)",
    killedBy: { file: IDEMPOTENCY, test: 'another address with the same key meets nothing of it' },
  },
  {
    name: 'key-of-any-body',
    guard: 'an idempotency key belongs to its body',
    file: 'flows/idempotent-issue.flow.ts',
    replace: 'return fingerprint === claim.fingerprint ? this.repeat(claim)',
    by: "return fingerprint !== '' ? this.repeat(claim)",
    killedBy: { file: IDEMPOTENCY, test: 'with another body it is 409, and nothing is sent' },
  },
  {
    name: 'key-not-claimed',
    guard: 'of many requests with one key one sends',
    file: 'flows/idempotent-issue.flow.ts',
    replace: 'if (first !== undefined) {',
    by: "if (first === '') {",
    killedBy: { file: IDEMPOTENCY, test: 'gives the first answer again instead of a second message' },
  },
  {
    name: 'status-tells-decoys',
    guard: 'the state of a message tells no decoy',
    file: 'flows/inspect.flow.ts',
    replace: "this.parts.risk?.decoys === true ? 'sent' : stored.delivery",
    by: 'stored.delivery',
    killedBy: {
      file: 'test/contract/receipts.spec.ts',
      test: 'the state tells nobody who is real; operators are told',
    },
  },
];
