import type { Mutation } from '../mutation.js';

const SERVICE = 'proof/proof-service.ts';
const CHECK = 'flows/check-proof.flow.ts';
const FORGED = 'libs/otp/src/proof/proof-service.spec.ts';
const AT_GUARD = 'test/contract/guard-proof.spec.ts';
const STEP_UP = 'test/contract/step-up-proof.spec.ts';
const SINGLE_USE = 'test/contract/guard-single-use.spec.ts';

/** What a proof must be to open anything, and how often. */
export const proofs: readonly Mutation[] = [
  {
    name: 'proof-of-any-type',
    guard: 'a token of another type is no proof',
    file: SERVICE,
    replace: '        typ: TYPE,\n',
    by: '',
    killedBy: { file: FORGED, test: 'another type' },
  },
  {
    name: 'proof-for-any-audience',
    guard: 'a proof is for this application',
    file: SERVICE,
    replace: '        audience: namespace,\n',
    by: '',
    killedBy: { file: FORGED, test: 'another audience' },
  },
  {
    name: 'proof-of-any-issuer',
    guard: 'a proof is of this issuer',
    file: SERVICE,
    replace: '        issuer,\n        audience',
    by: '        audience',
    killedBy: { file: FORGED, test: 'another issuer' },
  },
  {
    name: 'proof-of-the-server-clock',
    guard: 'a proof ends by the application’s clock',
    file: SERVICE,
    replace: '        currentDate: new Date(now),\n',
    by: '        currentDate: new Date(0),\n',
    killedBy: { file: AT_GUARD, test: 'an expired proof is refused' },
  },
  {
    name: 'proof-for-other-services',
    guard: 'a route that asks for its own audience takes no other',
    file: SERVICE,
    replace: 'const isMeant = audience === undefined || proof?.audience.includes(audience);',
    by: 'const isMeant = audience === undefined || proof !== undefined;',
    killedBy: { file: FORGED, test: 'is for the application and the services that it is signed for, and no other' },
  },
  {
    name: 'number-not-verified',
    guard: 'a proof without a verified number is none',
    file: 'proof/proof-claims.ts',
    replace: '    verified !== true ||\n',
    by: '',
    killedBy: { file: FORGED, test: 'a number that is not verified' },
  },
  {
    name: 'proof-from-the-future',
    guard: 'a proof of time to come is none',
    file: 'proof/proof-claims.ts',
    replace: "return typeof time === 'number' && time <= latest;",
    by: "return typeof time === 'number' && time <= latest + 1e9;",
    killedBy: { file: FORGED, test: 'a code entered in time to come' },
  },
  {
    name: 'proof-of-a-former-secret',
    guard: 'proofs outlive the rotation of secrets',
    file: 'proof/proof-keys.ts',
    replace: 'byId: namedKeys([first, ...others]), published: undefined',
    by: 'byId: namedKeys([first]), published: others && undefined',
    killedBy: { file: FORGED, test: 'outlives the rotation of secrets, until its secret leaves the ring' },
  },
  {
    name: 'proof-of-any-purpose',
    guard: 'a proof of one purpose opens nothing of another',
    file: CHECK,
    replace: 'if (proof.purpose !== check.purpose) {',
    by: "if (proof.purpose === '') {",
    killedBy: { file: AT_GUARD, test: 'a proof of another purpose is refused' },
  },
  {
    name: 'proof-of-any-binding',
    guard: 'a proof of one payout opens no other',
    file: CHECK,
    replace: "binding === expected.details?.toString('base64url') &&",
    by: '(binding !== null) &&',
    killedBy: { file: STEP_UP, test: 'for another %s it is worth nothing, and is not spent' },
  },
  {
    name: 'proof-of-any-route',
    guard: 'a proof of one route opens no other',
    file: CHECK,
    replace: "(action === undefined || action === expected.action?.toString('base64url'))",
    by: '(action === undefined || action !== null)',
    killedBy: { file: STEP_UP, test: 'for another %s it is worth nothing, and is not spent' },
  },
  {
    name: 'proof-of-any-age',
    guard: 'a route that asks for a fresh code takes no older one',
    file: CHECK,
    replace: 'if (check.maxAgeSeconds !== undefined && !(ageSeconds <= check.maxAgeSeconds)) {',
    by: 'if (check.maxAgeSeconds !== undefined && ageSeconds < 0) {',
    killedBy: { file: AT_GUARD, test: 'maxAgeSeconds asks for a fresher code than the proof’s lifetime' },
  },
  {
    name: 'proof-of-anybody',
    guard: 'a proof opens nothing in somebody else’s session',
    file: CHECK,
    replace: 'if (check.caller !== undefined && !this.isOf({ proof, number }, check.caller)) {',
    by: "if (check.caller !== undefined && number.e164 === '') {",
    killedBy: {
      file: 'test/contract/guard-caller.spec.ts',
      test: 'a proof of the attacker’s own number is refused on the victim’s request',
    },
  },
  {
    name: 'proof-of-any-subject',
    guard: 'one number under two accounts is two callers',
    file: CHECK,
    replace: '(proof.subject === undefined || proof.subject === subject)',
    by: '(proof.subject === undefined || proof.subject !== null || subject !== undefined)',
    killedBy: {
      file: 'test/contract/guard-caller.spec.ts',
      test: 'the same number under another account is refused where the proof has a subject',
    },
  },
  {
    name: 'proof-used-again',
    guard: 'a single-use proof opens one request',
    file: CHECK,
    replace: "singleUse ? store.marks.putIfAbsent(spent, '1', ttlSeconds) : store.marks.get(spent),",
    by: 'singleUse && ttlSeconds > 0 ? store.marks.get(spent) : store.marks.get(spent),',
    killedBy: { file: SINGLE_USE, test: 'the second use is refused' },
  },
  {
    name: 'proof-looked-at-first',
    guard: 'a proof is spent in the step that asks whether it was',
    file: CHECK,
    replace: "singleUse ? store.marks.putIfAbsent(spent, '1', ttlSeconds) : store.marks.get(spent),",
    by: `store.marks.get(spent).then(async (mark) => {
        await (singleUse ? store.marks.put(spent, '1', ttlSeconds) : undefined);
        return mark;
      }),`,
    killedBy: {
      file: 'test/integration/step-up-races.spec.ts',
      test: 'opens one, and the others start at most one challenge, $name',
    },
  },
  {
    name: 'spent-proof-opens-others',
    guard: 'a spent proof opens nothing, not even what would not spend it',
    file: CHECK,
    replace: ' : store.marks.get(spent),',
    by: ' : Promise.resolve(undefined),',
    killedBy: { file: SINGLE_USE, test: 'once spent it opens no handler that would not spend it either' },
  },
  {
    name: 'mark-shorter-than-proof',
    guard: 'a used proof is remembered as long as it could live',
    file: CHECK,
    replace: 'Math.ceil(proof.expiresAt - clock.now() / 1000)) + CLOCKS_APART_SECONDS;',
    by: '1);',
    killedBy: { file: SINGLE_USE, test: 'it stays spent as long as the proof could live' },
  },
  {
    name: 'revoked-proof-opens',
    guard: 'revoked proofs open nothing',
    file: CHECK,
    replace: 'if (isRevoked(proof, revoked)) {',
    by: 'if (revoked === proof.id) {',
    killedBy: {
      file: 'test/contract/revoked-proofs.spec.ts',
      test: 'are refused from then on, those of other numbers and later ones are not',
    },
  },
  {
    name: 'proof-without-the-store',
    guard: 'without the store no single-use proof opens anything',
    file: CHECK,
    replace: '    ]);\n',
    by: '    ]).catch(() => [undefined, undefined]);\n',
    killedBy: {
      file: SINGLE_USE,
      test: 'with the store lost it is 503, the handler does not run and the proof is not spent',
    },
  },
];
