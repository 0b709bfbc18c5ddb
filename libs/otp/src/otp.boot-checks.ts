import type { PurposeRegistry } from './challenge/purpose.js';
import type { OtpTestNumbers } from './challenge/test-numbers.js';
import type { SmsTransport } from './delivery/sms-transport.js';
import { checkReceipts, receiptWarnings } from './http/webhooks/check-receipts.js';
import { messageWarnings } from './message/message-warnings.js';
import type { ResolvedOtpOptions } from './otp.resolved-options.js';
import type { Channel } from './phone/channel.js';
import type { PhoneReader } from './phone/read-phone-number.js';
import type { OtpStore } from './stores/otp-store.js';

export interface BootSources {
  readonly options: ResolvedOtpOptions;
  /** Those that are used; a test may have put others in the place of the options'. */
  readonly transports: readonly SmsTransport[];
  readonly readPhoneNumber: PhoneReader;
}

/** Mistakes that only the parts together show; each refuses the start. */
export function bootProblems({ options, transports, readPhoneNumber }: BootSources): string[] {
  const { purposes, testNumbers } = options;
  return [
    ...channelProblems(purposes, transports),
    ...checkReceipts(transports),
    ...testNumberProblems(testNumbers, { purposes, readPhoneNumber }),
  ];
}

export interface WarningSources {
  readonly options: ResolvedOtpOptions;
  /** `undefined` without built-in routes. */
  readonly routesPath: string | undefined;
  readonly store: OtpStore;
  readonly now: number;
}

/** What is lawful and still worth a word in the log. */
export function bootWarnings({ options, routesPath, store, now }: WarningSources): string[] {
  const warnings: string[] = [];
  if (options.production && store.name === 'memory') {
    warnings.push(
      'The memory store counts for one process alone; with several instances each limit is multiplied. Use redisStore().',
    );
  }
  if (options.production && options.limits.money === undefined) {
    warnings.push('limits.money is not set: nothing bounds what messages may cost in a day');
  }
  return [
    ...warnings,
    ...channelWarnings(options.purposes),
    ...resendWarnings(options),
    ...messageWarnings({
      ...options.messages,
      serviceName: options.serviceName,
      origin: options.origin,
      codeLength: Math.max(...options.purposes.all.map(({ codeLength }) => codeLength)),
    }),
    ...receiptWarnings(options.transports, { publicUrl: options.publicUrl, routesPath }),
    ...testNumberWarnings(options.testNumbers, now),
  ];
}

/** A fall-over to other channels that can never come about. */
function resendWarnings({ delivery, transports, purposes }: ResolvedOtpOptions): string[] {
  const idle = 'delivery.resendFailed has nothing to do:';
  if (delivery.resendFailed !== true) {
    return [];
  }
  if (transports.every(({ receipts }) => receipts === undefined)) {
    return [`${idle} no transport has receipts that could tell of a failure`];
  }
  return purposes.all.every(({ channels }) => channels.length === 1)
    ? [`${idle} no purpose has a second channel, e.g. channels: ['sms', 'voice']`]
    : [];
}

/** Channels that purposes allow and no transport has; a line for each mistake. */
function channelProblems(purposes: PurposeRegistry, transports: readonly SmsTransport[]): string[] {
  const possible = new Set<Channel>(transports.flatMap(({ channels }) => channels));
  return purposes.all.flatMap(({ name, channels }) =>
    channels
      .filter((channel) => !possible.has(channel))
      .map(
        (channel) => `purposes.${name}.channels: allows ${channel}, which no transport has; add one or leave it out`,
      ),
  );
}

function channelWarnings(purposes: PurposeRegistry): string[] {
  const byEmail = purposes.all.filter(({ channels }) => channels.includes('email')).map(({ name }) => name);
  return byEmail.length === 0
    ? []
    : [
        `Codes of ${byEmail.join(', ')} may go by email, which is no out-of-band authenticator (NIST SP 800-63B-4 ` +
          '§3.1.3.1): whoever reads the mailbox has the code. Do not count them as a second factor.',
      ];
}

/** Test numbers that could not work; values are told, for they are no secrets. */
function testNumberProblems(
  options: OtpTestNumbers | undefined,
  { purposes, readPhoneNumber }: { readonly purposes: PurposeRegistry; readonly readPhoneNumber: PhoneReader },
): string[] {
  const handsets = new Set<string>();
  return Object.entries(options?.codes ?? {}).flatMap(([phoneNumber, given]) => {
    const codes = typeof given === 'string' ? [given] : given;
    const reading = readPhoneNumber({ phoneNumber });
    const handset = reading.outcome === 'ok' ? reading.number.handsetKey : phoneNumber;
    const isRepeated = handsets.has(handset);
    handsets.add(handset);
    const missing = purposes.all.find(({ codeLength }) => !codes.some(({ length }) => length === codeLength));
    const problems = [
      reading.outcome !== 'ok' && `${phoneNumber} cannot be used: ${reading.detail}`,
      isRepeated && `${phoneNumber} is listed twice; list each handset once`,
      missing !== undefined &&
        `${phoneNumber} has no code of ${missing.codeLength} digits, as those of ${missing.name} are; give one, or a list with one of each length`,
    ];
    return problems.flatMap((problem) => (problem === false ? [] : [`testNumbers.codes: ${problem}`]));
  });
}

function testNumberWarnings(options: OtpTestNumbers | undefined, now: number): string[] {
  if (options === undefined) {
    return [];
  }
  const count = Object.keys(options.codes).length;
  return Date.parse(options.expires) <= now
    ? [`testNumbers have expired on ${options.expires} and are numbers like any other; take them out of the options`]
    : [`Test numbers (${count}) get no message and have a fixed code until ${options.expires}`];
}
