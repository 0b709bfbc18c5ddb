import type { Mutation } from '../mutation.js';

const REDIS = 'test/contract/store.redis.spec.ts';
const CREATE = 'stores/redis/lua/create.lua';
const REPLACE_IF = 'stores/redis/lua/replace_if.lua';
const RESERVE = 'stores/redis/lua/reserve_attempt.lua';
const CHALLENGES = 'stores/redis/lua/shared/challenges.lua';

/** What the scripts of Redis hold together in one step for a challenge. */
export const challengeScripts: readonly Mutation[] = [
  {
    name: 'attempts-not-asked',
    guard: 'no attempt is reserved when none is left',
    file: RESERVE,
    replace: 'if attempts < 1 then',
    by: 'if attempts < -1000 then',
    killedBy: { file: REDIS, test: '200 attempts at once: exactly as many as the challenge has are admitted' },
  },
  {
    name: 'attempt-not-spent',
    guard: 'an attempt is spent in the step that reserves it',
    file: RESERVE,
    replace: 'record[CHALLENGES][challenge + ATTEMPTS] = attempts - 1',
    by: 'record[CHALLENGES][challenge + ATTEMPTS] = attempts',
    killedBy: { file: 'test/attacks/guessing.spec.ts', test: 'of 30 guesses in one burst five are compared' },
  },
  {
    name: 'consume-unconditional',
    guard: 'only the generation that was compared is consumed',
    file: REPLACE_IF,
    replace: 'if challenges[challenge + GENERATION] ~= generation then',
    by: 'if false then',
    killedBy: { file: REDIS, test: 'a resend racing consumptions: one wins as a whole' },
  },
  {
    name: 'consume-leaves-it',
    guard: 'a consumed challenge is removed in the same step',
    file: REPLACE_IF,
    replace: '  table.remove(challenges, challenge)',
    by: '  local _ = challenge',
    killedBy: { file: REDIS, test: '200 identical consumptions at once: exactly one succeeds' },
  },
  {
    name: 'generation-kept',
    guard: 'a resend ends the old code',
    file: REPLACE_IF,
    replace: 'challenges[challenge + GENERATION] = generation + 1',
    by: 'challenges[challenge + GENERATION] = generation',
    killedBy: { file: REDIS, test: '20 resends at once: one new code' },
  },
  {
    name: 'sends-not-spent',
    guard: 'a challenge has only so many messages',
    file: REPLACE_IF,
    replace: 'challenges[challenge + SENDS] = sends - 1',
    by: 'challenges[challenge + SENDS] = sends',
    killedBy: { file: REDIS, test: 'a new code renews the lifetime, uses a send and keeps attempts and failures' },
  },
  {
    name: 'sends-not-asked',
    guard: 'a challenge without messages left gets no new code',
    file: REPLACE_IF,
    replace: 'if sends < 1 then',
    by: 'if false then',
    killedBy: { file: REDIS, test: 'without sends left no new code is stored' },
  },
  {
    name: 'tombstone-any-nonce',
    guard: 'only the call that consumed is told so again',
    file: REPLACE_IF,
    replace: 'if tombstones[i] == id .. subject then',
    by: 'if string.sub(tombstones[i], 1, ID_BYTES) == id then',
    killedBy: { file: REDIS, test: 'the same call is answered again for 30 s, and no other' },
  },
  {
    name: 'lost-device-answers',
    guard: 'a revoked device gets no answer of its old challenges',
    file: REPLACE_IF,
    replace: 'if answered[1] and isOfLostDevice(record, amendments, now) then',
    by: 'if false then',
    killedBy: { file: REDIS, test: 'an answer of a device that was revoked meanwhile changes nothing' },
  },
  {
    name: 'delivery-goes-back',
    guard: 'a late or repeated receipt takes nothing back',
    file: REPLACE_IF,
    replace: 'if PROGRESS[state + 1] <= PROGRESS[present + 1] then',
    by: 'if false then',
    killedBy: { file: REDIS, test: 'delivery goes on from every state to every later one, and never back' },
  },
  {
    name: 'expired-is-live',
    guard: 'an expired challenge is gone, though its key is there',
    file: CHALLENGES,
    replace: ' and challenges[i + EXPIRES_AT] > at then',
    by: ' then',
    killedBy: { file: REDIS, test: 'a challenge lives until one millisecond before its time is over' },
  },
  {
    name: 'other-id-is-live',
    guard: 'an attempt is charged to the challenge that it names',
    file: CHALLENGES,
    replace: 'if string.sub(challenges[i], 1, ID_BYTES) == id and',
    by: 'if',
    killedBy: { file: REDIS, test: 'an unknown id, another number and another kind are gone' },
  },
  {
    name: 'create-without-counters',
    guard: 'no challenge where the number’s counters were lost',
    file: CREATE,
    replace: 'if not isCounted or findChallenge(',
    by: 'if findChallenge(',
    killedBy: { file: REDIS, test: 'a challenge whose send is no longer counted is lost' },
  },
  {
    name: 'create-over-another',
    guard: 'nobody renews attempts by creating the same challenge again',
    file: CREATE,
    replace: 'if not isCounted or findChallenge(record, string.sub(blob, 1, ID_BYTES), now) then',
    by: 'if not isCounted then',
    killedBy: { file: REDIS, test: 'an id in use is not created again, so its attempts cannot be renewed' },
  },
];
