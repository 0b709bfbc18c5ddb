import type { Mutation } from '../mutation.js';

const LEAKS = 'test/integration/otp-leaks.spec.ts';
const DISPLAY = 'libs/otp/src/message/display-text.spec.ts';
const DETAIL = 'libs/otp/src/delivery/safe-detail.spec.ts';

/** What nobody is told, and what a text cannot do. */
export const privacy: readonly Mutation[] = [
  {
    name: 'forged-id-opens',
    guard: 'a challenge id is authenticated',
    file: 'secrets/sealing.ts',
    replace: '  } catch {\n    return undefined;',
    by: '  } catch {\n    return plaintext;',
    killedBy: {
      file: 'libs/otp/src/challenge/challenge.spec.ts',
      test: 'refuse a forged id: every changed character, another length, another alphabet',
    },
  },
  {
    name: 'old-secret-forgotten',
    guard: 'a challenge outlives the rotation of secrets',
    file: 'challenge/challenge-id.ts',
    replace: 'for (const secret of this.ring.all) {',
    by: 'for (const secret of [this.ring.first]) {',
    killedBy: {
      file: 'libs/otp/src/challenge/challenge.spec.ts',
      test: 'open through every secret of the ring, and keep to the one that sealed them',
    },
  },
  {
    name: 'counts-begin-anew',
    guard: 'another index secret on the same counters refuses to start',
    file: 'otp.assembly.ts',
    replace: 'if (known !== undefined && known !== fingerprint) {',
    by: "if (known === '') {",
    killedBy: {
      file: 'test/integration/otp-rotation.spec.ts',
      test: 'another index secret on the same counters refuses to start, and shows neither',
    },
  },
  {
    name: 'index-without-key',
    guard: 'a copy of the store names no number',
    file: 'secrets/record-index.ts',
    replace: "createHmac('sha256', this.key)",
    by: "createHmac('sha256', 'nestjs-sms-otp')",
    killedBy: { file: 'libs/otp/src/secrets/secret-ring.spec.ts', test: 'keeps kinds, namespaces and secrets apart' },
  },
  {
    name: 'kinds-share-names',
    guard: 'a number and an address never share a record',
    file: 'secrets/record-index.ts',
    replace: '.update(`${kind}\\0${value}`)',
    by: '.update(`${kind.slice(0, 0)}${value}`)',
    killedBy: { file: 'libs/otp/src/secrets/secret-ring.spec.ts', test: 'keeps kinds, namespaces and secrets apart' },
  },
  {
    name: 'number-in-events',
    guard: 'events and logs have masked numbers',
    file: 'flows/live-challenge.ts',
    replace: 'return { destination: number.masked, country',
    by: 'return { destination: number.e164, country',
    killedBy: { file: LEAKS, test: 'a number or a subject: not in logs, events, errors, Redis' },
  },
  {
    name: 'code-in-events',
    guard: 'events and logs have no code',
    file: 'flows/code-sender.ts',
    replace: "events.emit('delivery.accepted', { ...about, transport });",
    by: "events.emit('delivery.accepted', { ...about, transport: transport + JSON.stringify(message) });",
    killedBy: { file: LEAKS, test: 'a code: not in logs, events, errors, answers or Redis' },
  },
  {
    name: 'link-in-a-message',
    guard: 'no value makes a link in a message',
    file: 'message/display-text.ts',
    replace: 'return groupDigits(breakLinks(seen))',
    by: 'return groupDigits(seen)',
    killedBy: { file: DISPLAY, test: 'breaks links: %s' },
  },
  {
    name: 'second-code-in-a-message',
    guard: 'no value looks like a code in a message',
    file: 'message/display-text.ts',
    replace: 'return groupDigits(breakLinks(seen))',
    by: 'return breakLinks(seen)',
    killedBy: { file: DISPLAY, test: 'breaks what could hide or begin a line: %s' },
  },
  {
    name: 'bound-line-in-a-value',
    guard: 'no value binds a code to another site',
    file: 'message/display-text.ts',
    replace: ".replaceAll('@', '(at)')\n",
    by: '\n',
    killedBy: { file: 'test/contract/message-variables.spec.ts', test: 'a payee called %s is inert' },
  },
  {
    name: 'second-line-in-a-value',
    guard: 'a value stays on its line',
    file: 'message/display-text.ts',
    replace: ".replace(EVERY_UNSEEN, ' ')",
    by: '',
    killedBy: { file: DISPLAY, test: 'breaks what could hide or begin a line: %s' },
  },
  {
    name: 'bound-line-of-a-template',
    guard: 'only the module writes the line that binds a code to a site',
    file: 'message/run-own-template.ts',
    replace: '.some((line) => BOUND_LINE.test(line))',
    by: '.some((line) => BOUND_LINE.test(line) && line.length < 0)',
    killedBy: { file: 'libs/otp/src/message/run-own-template.spec.ts', test: 'refuses a line like the bound one: %j' },
  },
  {
    name: 'lines-in-logs',
    guard: 'what a provider says makes no second line in a log',
    file: 'delivery/safe-detail.ts',
    replace: ".replace(CONTROL, ' ')",
    by: '',
    killedBy: { file: DETAIL, test: 'of any other, %j, what an operator needs' },
  },
  {
    name: 'codes-in-logs',
    guard: 'what a provider repeats of code or number is no log’s',
    file: 'delivery/safe-detail.ts',
    replace: ".replace(LONG_DIGITS, '…')",
    by: '',
    killedBy: { file: DETAIL, test: 'of any other, %j, what an operator needs' },
  },
];
