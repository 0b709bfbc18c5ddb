import type { Mutation } from '../mutation.js';

const CONNECTION = 'test/integration/redis-connection.spec.ts';
const REPLICAS = 'test/integration/redis-replicas.spec.ts';
const LINE = 'stores/redis/replication-line.ts';

/** What happens without the store, and what production refuses to start with. */
export const losses: readonly Mutation[] = [
  {
    name: 'scripts-not-sent-again',
    guard: 'a script that the server forgot is sent again',
    file: 'stores/redis/redis-errors.ts',
    replace: "error.message.startsWith('NOSCRIPT')",
    by: "error.message.startsWith('NO SUCH')",
    killedBy: {
      file: CONNECTION,
      test: 'each operation is one round trip, and scripts that the server forgot are sent again',
    },
  },
  {
    name: 'counted-twice',
    guard: 'what counts is never asked twice',
    file: 'stores/redis/redis-connection.ts',
    replace: 'call.repeatable === true && isBrokenConnection(error)',
    by: 'isBrokenConnection(error)',
    killedBy: { file: CONNECTION, test: 'what counts is never asked twice' },
  },
  {
    name: 'client-sends-twice',
    guard: 'the client repeats nothing by itself',
    file: 'stores/redis/redis-client.ts',
    replace: `enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0: commands under way fail as soon as their connection breaks.
    maxRetriesPerRequest: 0,`,
    by: `enableOfflineQueue: true,
    autoResendUnfulfilledCommands: true,
    maxRetriesPerRequest: null,`,
    killedBy: { file: CONNECTION, test: 'what counts is never asked twice' },
  },
  {
    name: 'too-few-replicas',
    guard: 'nothing is answered that too few replicas have',
    file: LINE,
    replace: 'if (count < replicas) {',
    by: 'if (count < 0) {',
    killedBy: { file: REPLICAS, test: 'a code that no replica knows to be consumed is not accepted, and is spent' },
  },
  {
    name: 'late-is-sent',
    guard: 'what comes too late to be answered is not sent',
    file: LINE,
    replace: 'const group = waiting.filter(({ deadline }) => deadline > now);',
    by: 'const group = waiting;',
    killedBy: { file: REPLICAS, test: 'what came too late to be sent is not spent' },
  },
  {
    name: 'errors-show-arguments',
    guard: 'an error of Redis shows no argument',
    file: 'stores/redis/redis-errors.ts',
    replace: 'new StoreUnavailableError(`${what}: ${reason}`, { cause: new Error(reason) })',
    by: 'new StoreUnavailableError(`${what}: ${reason}`, { cause: error })',
    killedBy: { file: CONNECTION, test: 'an error of the server is unavailability too, and shows no argument' },
  },
  {
    name: 'loss-is-a-fault',
    guard: 'a lost store is 503',
    file: 'flows/store-failures.ts',
    replace: 'if (error instanceof StoreUnavailableError) {',
    by: 'if (error === undefined) {',
    killedBy: {
      file: 'test/contract/http-store-loss.spec.ts',
      test: '%s without %s is 503, and nothing is sent, shown or proven',
    },
  },
  {
    name: 'limits-fail-open',
    guard: 'without the store nothing is sent',
    file: 'flows/send-gate.ts',
    replace: 'return store.limits.take(limits.send(subject));',
    by: `const now = this.parts.clock.now();
    const open = { outcome: 'taken', charges: [{ key, lane, log: 'sends', at: now }], nextAt: now, now, known: false, usedUp: [] } as const;
    return store.limits.take(limits.send(subject)).catch(() => open);`,
    killedBy: {
      file: 'test/contract/http-store-loss.spec.ts',
      test: '%s without %s is 503, and nothing is sent, shown or proven',
    },
  },
  {
    name: 'throttle-fails-open',
    guard: 'without the store no throttled route is open',
    file: 'flows/throttle.flow.ts',
    replace: '        return decision;',
    by: "        return { outcome: 'admitted' };",
    killedBy: { file: 'test/contract/otp-throttle.spec.ts', test: 'is 503 store_unavailable and never open' },
  },
  {
    name: 'test-numbers-in-production',
    guard: 'production has no fixed codes unless it says so',
    file: 'otp.resolved-options.ts',
    replace: 'options.testNumbers.allowInProduction !== true',
    by: 'options.testNumbers.allowInProduction === false',
    killedBy: {
      file: 'test/contract/test-numbers.spec.ts',
      test: 'production refuses to start with them, unless they are switched on by name',
    },
  },
  {
    name: 'codes-shown-in-production',
    guard: 'production starts with no transport that shows codes',
    file: 'otp.resolved-options.ts',
    replace: 'if (transport?.developmentOnly === true) {',
    by: 'if (transport?.developmentOnly === undefined && transport === undefined) {',
    killedBy: {
      file: 'test/integration/options.spec.ts',
      test: 'need a transport, an index secret, and none that shows codes',
    },
  },
  {
    name: 'index-of-the-first-secret',
    guard: 'rotating secrets in production resets no count',
    file: 'otp.resolved-options.ts',
    replace: 'if (options?.indexSecret === undefined && (production || secrets.length > 1)) {',
    by: 'if (options?.indexSecret === undefined && secrets.length > 10) {',
    killedBy: { file: 'test/integration/options.spec.ts', test: 'a ring of several secrets needs an index secret' },
  },
  {
    name: 'expired-test-number',
    guard: 'a test number ends on its date',
    file: 'flows/answer.flow.ts',
    replace: 'return payload.test && !this.parts.testNumbers.has(id.ref.key);',
    by: "return payload.test && id.ref.key.index === '';",
    killedBy: {
      file: 'test/contract/test-numbers.spec.ts',
      test: 'are so in the midst of a challenge, too: the fixed code is worth nothing, and what is sent again goes out',
    },
  },
];
