import type { Mutation } from '../mutation.js';

const GUARD = 'http/guard/otp.guard.ts';
const CALLERS = 'test/contract/guard-caller.spec.ts';

/** `@RequireOtp`: what it lets through, and when it lets a phone ring. */
export const routeGuards: readonly Mutation[] = [
  {
    name: 'unknown-context-passes',
    guard: 'a context that the guard does not know is denied',
    file: GUARD,
    replace: "throw new ForbiddenException(`@RequireOtp does not know contexts of type '${context.getType()}'`);",
    by: 'return true;',
    killedBy: { file: 'test/contract/guard-contexts.spec.ts', test: '%s is denied' },
  },
  {
    name: 'lost-mark-passes',
    guard: 'a handler whose mark is lost is denied',
    file: 'http/guard/applied-otp.guard.ts',
    replace: 'if (!isMarked(handler, target)) {',
    by: 'if (target.name === handler.name) {',
    killedBy: {
      file: 'libs/otp/src/http/guard/applied-otp.guard.spec.ts',
      test: 'denies where nothing is, for the mark must have been lost',
    },
  },
  {
    name: 'skipped-by-anything',
    guard: 'skipIf lets through by true alone',
    file: 'http/guard/call-reader.ts',
    replace: 'return skipped === true;',
    by: 'return Boolean(skipped);',
    killedBy: {
      file: 'test/contract/step-up-requirements.spec.ts',
      test: 'asked with %j it is `true` alone that lets through',
    },
  },
  {
    name: 'stranger-starts-a-code',
    guard: 'nobody’s phone rings for somebody who is not signed in',
    file: GUARD,
    replace:
      "if (caller === undefined && (purpose.start === 'application' || requirement.mode === 'inline' || code)) {",
    by: "if (caller === undefined && requirement.mode === 'inline' && code) {",
    killedBy: { file: CALLERS, test: 'nobody signed in: a purpose of the application is a plain 401' },
  },
  {
    name: 'late-caller-not-asked',
    guard: 'a login’s proof must be of who is signed in after all',
    file: GUARD,
    replace: 'if (caller !== undefined && !this.proofs.isCallers(otp, caller)) {',
    by: "if (caller !== undefined && otp.purpose === '') {",
    killedBy: {
      file: 'test/contract/step-up-caller.spec.ts',
      test: 'a login’s proof before authentication: in the end it must be of who is signed in',
    },
  },
  {
    name: 'code-on-the-spot-of-nobody',
    guard: 'a challenge of an account is answered by that account',
    file: GUARD,
    replace: 'subject: caller?.subject ?? null,',
    by: 'subject: caller?.subject,',
    killedBy: {
      file: 'test/contract/step-up-caller.spec.ts',
      test: 'a challenge of an account is not one of its number alone',
    },
  },
  {
    name: 'reading-rings',
    guard: 'a request that only reads lets no phone ring',
    file: GUARD,
    replace: 'if (call.safe && requirement.startOnSafeMethods !== true) {',
    by: 'if (call.safe && requirement.startOnSafeMethods === false) {',
    killedBy: { file: 'test/contract/step-up-safe-methods.spec.ts', test: '%s sends nothing and runs nothing' },
  },
  {
    name: 'forged-form-rings',
    guard: 'a page of another site lets no phone ring',
    file: GUARD,
    replace: "=== 'foreign';",
    by: "=== 'untold';",
    killedBy: { file: 'test/contract/step-up-csrf.spec.ts', test: '%s lets no phone ring' },
  },
  {
    name: 'code-where-only-proofs-do',
    guard: 'mode proof takes no code',
    file: GUARD,
    replace: "const code = requirement.mode === 'proof' ? undefined : this.getCode(call);",
    by: 'const code = this.getCode(call);',
    killedBy: {
      file: 'test/contract/step-up-proof.spec.ts',
      test: 'mode proof takes no code, starts no challenge, and sends nothing',
    },
  },
  {
    name: 'proof-where-only-codes-do',
    guard: 'mode inline takes no proof',
    file: GUARD,
    replace: "const proof = requirement.mode === 'inline' ? undefined : this.getProof(call, requirement);",
    by: 'const proof = this.getProof(call, requirement);',
    killedBy: { file: 'test/contract/step-up-proof.spec.ts', test: 'mode inline takes no proof' },
  },
  {
    name: 'verified-for-all-handlers',
    guard: 'what one handler asked for opens no other',
    file: 'http/guard/verified-call.ts',
    replace: 'return entry?.requirement === requirement && entry.by === by;',
    by: 'return entry !== undefined && requirement !== undefined && entry.by === by;',
    killedBy: {
      file: 'test/contract/guard-handed-on.spec.ts',
      test: 'what opened one handler opens no other that it hands the request on to',
    },
  },
  {
    name: 'binding-not-spent',
    guard: 'a proof that stands for something opens one request by default',
    file: 'http/guard/otp-requirement.ts',
    replace: "return singleUse ?? typeof binding === 'function';",
    by: "return singleUse ?? typeof binding === 'string';",
    killedBy: {
      file: 'test/contract/step-up-proof.spec.ts',
      test: 'of a guard’s challenge: it opens that request, once',
    },
  },
  {
    name: 'schema-result-bound-alone',
    guard: 'what a schema changes is bound as it was sent, too',
    file: 'http/guard/call-reader.ts',
    replace: 'const isChanged = sent !== undefined && !sent.equals(canonicalHash(details));',
    by: 'const isChanged = sent !== undefined && sent.length === 0;',
    killedBy: { file: 'test/contract/step-up-schemas.spec.ts', test: 'makes no two requests one: %s' },
  },
  {
    name: 'cookie-from-anywhere',
    guard: 'a proof in a cookie counts for pages of this site alone',
    file: 'http/guard/proof-cookie.ts',
    replace: "provenanceOf(request, allowedOrigins) === 'own'",
    by: "provenanceOf(request, allowedOrigins) !== 'foreign'",
    killedBy: {
      file: 'libs/otp/src/http/same-site.spec.ts',
      test: 'counts on unsafe methods only when the browser says where it comes from',
    },
  },
  {
    name: 'tossed-cookie-counts',
    guard: 'of two cookies with one name neither counts',
    file: 'http/cookie-value.ts',
    replace: 'return first === last ? first : undefined;',
    by: 'return first ?? last;',
    killedBy: {
      file: 'test/attacks/web.spec.ts',
      test: 'of two cookies with the name neither counts: a sibling may have planted one',
    },
  },
  {
    name: 'challenge-of-another-account',
    guard: 'a live challenge is answered again to its own account alone',
    file: 'flows/step-up.flow.ts',
    replace: "reading.number.handsetKey, subject ?? '', ...bound]",
    by: 'reading.number.handsetKey, ...bound]',
    killedBy: {
      file: 'test/contract/step-up.spec.ts',
      test: 'for another transaction, route or account it is another challenge, and the number’s cooldown holds',
    },
  },
  {
    name: 'replaced-handler-starts',
    guard: 'a handler whose guard another decorator took away does not start',
    file: 'http/guard/requirement-check.ts',
    replace: '...replaced.map((name) =>',
    by: '...replaced.slice(replaced.length).map((name) =>',
    killedBy: {
      file: 'test/contract/guard-placement.spec.ts',
      test: 'a decorator above that puts another function in its place takes the guard away: the start is refused',
    },
  },
  {
    name: 'throttle-passes-unknown',
    guard: 'a limit on a context that is not known is denied',
    file: 'http/throttle/otp-throttle.guard.ts',
    replace: 'if (limits.length > 0) {\n      throw new ForbiddenException(',
    by: 'if (limits.length < 0) {\n      throw new ForbiddenException(',
    killedBy: {
      file: 'test/contract/otp-throttle-guard.spec.ts',
      test: 'a limited handler of kind %s is denied, others pass',
    },
  },
];
