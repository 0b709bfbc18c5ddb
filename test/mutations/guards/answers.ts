import type { Mutation } from '../mutation.js';

const ANSWER = 'flows/answer.flow.ts';
const CALLERS = 'test/contract/step-up-caller.spec.ts';
const NUMBER_LIMITS = 'test/contract/http-number-limits.spec.ts';

/** Who may answer which challenge, and what that leaves on the limits. */
export const answers: readonly Mutation[] = [
  {
    name: 'answer-for-any-number',
    guard: 'a code of one number opens nothing for another',
    file: ANSWER,
    replace:
      "return reading.outcome === 'ok' && this.parts.index.number(reading.number.handsetKey).index === ref.key.index;",
    by: "return reading.outcome === 'ok' && ref.key.index !== '';",
    killedBy: {
      file: CALLERS,
      test: 'the attacker’s own code for the attacker’s own number opens nothing in the victim’s session',
    },
  },
  {
    name: 'answer-for-any-subject',
    guard: 'a code of one account opens nothing for another',
    file: ANSWER,
    replace: 'if (expected.subject !== undefined && (payload.subject ?? null) !== expected.subject) {',
    by: 'if (payload.purpose === expected.subject) {',
    killedBy: { file: CALLERS, test: 'another account with the same number is another caller' },
  },
  {
    name: 'answer-for-any-purpose',
    guard: 'a code of one purpose opens nothing of another',
    file: ANSWER,
    replace: 'if (expected.purpose !== undefined && purpose.name !== expected.purpose) {',
    by: "if (expected.purpose === '') {",
    killedBy: {
      file: 'test/contract/step-up-requirements.spec.ts',
      test: 'the class’s code is worth nothing for the other purpose of a handler, nor the other way round',
    },
  },
  {
    name: 'answer-for-any-amount',
    guard: 'a code is compared for what is asked now',
    file: ANSWER,
    replace: 'details: details === undefined ? own.details : (details ?? undefined),',
    by: 'details: details === undefined ? own.details : own.details,',
    killedBy: {
      file: 'test/contract/step-up-binding.spec.ts',
      test: 'five changed amounts end it, even for the true one',
    },
  },
  {
    name: 'answer-for-any-route',
    guard: 'a code is compared for what is called now',
    file: ANSWER,
    replace: 'action: own.action && (action ?? own.action),',
    by: 'action: own.action && (own.action ?? action),',
    killedBy: {
      file: 'test/contract/guard-ws.spec.ts',
      test: 'a code of one gateway is wrong for the same event of another',
    },
  },
  {
    name: 'stale-answer-verified',
    guard: 'whoever loses the race has answered nothing',
    file: ANSWER,
    replace: "if (consumed.outcome === 'replaced') {",
    by: "if (consumed.outcome === 'replaced' || !consumed.live) {",
    killedBy: {
      file: 'test/integration/otp-races.spec.ts',
      test: 'identical right answers at once one is accepted',
    },
  },
  {
    name: 'superseded-answer-verified',
    guard: 'a right code that a resend overtook is wrong',
    file: ANSWER,
    replace: "if (consumed.outcome === 'replaced') {",
    by: "if (consumed.outcome === 'replaced' || consumed.live) {",
    killedBy: {
      file: 'test/integration/otp-resend-races.spec.ts',
      test: 'the resend wins when the code is replaced between comparing and consuming',
    },
  },
  {
    name: 'attempt-free-for-number',
    guard: 'every answer is charged to its number',
    file: 'limits/limit-policy.ts',
    replace: 'return [...this.lanes.attempt(number, lane), ',
    by: 'return [...this.lanes.attempt(number, lane).slice(this.lanes.attempt(number, lane).length), ',
    killedBy: {
      file: NUMBER_LIMITS,
      test: '15 wrong codes over several challenges lock the number, also for the right code',
    },
  },
  {
    name: 'attempt-free-for-client',
    guard: 'every answer is charged to its client',
    file: 'limits/limit-policy.ts',
    replace: '[] : this.ip.attempt(ipGroup))];',
    by: '[] : [])];',
    killedBy: {
      file: 'test/contract/http-client-limits.spec.ts',
      test: 'wrong codes an hour over many numbers; then 429 for the right code too, and no more messages',
    },
  },
  {
    name: 'attempt-free-for-lanes',
    guard: 'what all lanes but the public one guess is bounded together',
    file: 'limits/lane-limits.ts',
    replace: ": [own, { key, lane: 'trusted', log: 'wrongCodes', windows: this.trustedWrongCodes, take: true }];",
    by: ': [own];',
    killedBy: { file: 'libs/otp/src/limits/limit-policy.spec.ts', test: 'is charged to number and address' },
  },
  {
    name: 'right-code-charged',
    guard: 'a right code gets back its own charge',
    file: 'limits/limit-policy.ts',
    replace: "giveBack: charges.filter((charge) => 'log' in charge),",
    by: 'giveBack: [],',
    killedBy: { file: NUMBER_LIMITS, test: 'a success returns its own charge and no other' },
  },
  {
    name: 'success-clears-the-day',
    guard: 'an own success forgets no wrong code of others',
    file: 'stores/redis/lua/shared/answered.lua',
    replace: '  if lane ~= PUBLIC then',
    by: '  record[CODES_LOG] = {}\n  if lane ~= PUBLIC then',
    killedBy: { file: NUMBER_LIMITS, test: 'a success returns its own charge and no other' },
  },
  {
    name: 'lock-extended',
    guard: 'trying a locked number does not extend its lock',
    file: 'stores/redis/lua/reserve_attempt.lua',
    replace: '  return { 0, describeRefusal(decision, now) }',
    by: `  local log = own(record, CODES_LOG)
  log[#log + 1] = entryOf(within(record, now), UNANSWERED)
  save(KEYS[1], record, now)
  return { 0, describeRefusal(decision, now) }`,
    killedBy: {
      file: NUMBER_LIMITS,
      test: 'guesses at a live challenge during the lock do not extend it',
    },
  },
  {
    name: 'locked-tells-apart',
    guard: 'a locked number answers right and wrong codes alike',
    file: ANSWER,
    replace: "if (kind === 'number') {",
    by: 'if (kind !== kind) {',
    killedBy: {
      file: 'test/attacks/guessing.spec.ts',
      test: 'while a number is locked the right code is answered like a wrong one',
    },
  },
  {
    name: 'memory-consume-unconditional',
    guard: 'the memory store consumes only the generation that was compared',
    file: 'stores/memory/memory-challenge.store.ts',
    replace: 'if (challenge.generation !== generation || isUsedUp || isBehind) {',
    by: 'if (isUsedUp || isBehind) {',
    killedBy: { file: 'test/contract/store.memory.spec.ts', test: 'a resend racing consumptions: one wins as a whole' },
  },
  {
    name: 'memory-attempts-not-asked',
    guard: 'the memory store reserves no attempt when none is left',
    file: 'stores/memory/memory-challenge.store.ts',
    replace: 'if (challenge.attempts < 1) {',
    by: 'if (challenge.attempts < -1000) {',
    killedBy: {
      file: 'test/contract/store.memory.spec.ts',
      test: '200 attempts at once: exactly as many as the challenge has are admitted',
    },
  },
  {
    name: 'memory-forgets-locks',
    guard: 'no flood makes the memory store forget who is locked',
    file: 'stores/memory/record-table.ts',
    replace: 'if (pinnedUntil(record) > now) {',
    by: 'if (pinnedUntil(record) > Infinity) {',
    killedBy: {
      file: 'libs/otp/src/stores/memory/memory.store.spec.ts',
      test: 'wrong codes and live challenges are never forgotten: the store is full',
    },
  },
];
