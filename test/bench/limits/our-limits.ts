import type { Budget, LimitRequest, OtpStore, RecordKey } from 'nestjs-sms-otp';
import type { LimiterContestant } from './replays.js';
import { recordKey, type Sender, senders } from './traffic.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

// Written once, as the library writes the rules of its options.
const NUMBER_HOUR = [{ name: 'number.sends.3600', limit: 5, windowSeconds: HOUR }];
const NUMBER_HOUR_AND_DAY = [...NUMBER_HOUR, { name: 'number.sends.86400', limit: 10, windowSeconds: DAY }];
const IP_HOUR = [hourly('ip.sends.3600', { counts: 'all', floor: 20 })];
const IP_UNANSWERED = [hourly('ip.unansweredSends.3600', { counts: 'unanswered', floor: 20 })];
const PREFIX_UNANSWERED = [hourly('prefix.unansweredSends.3600', { counts: 'unanswered', floor: 10 })];

function hourly(name: string, { counts, floor }: Pick<Budget, 'counts' | 'floor'>): Budget {
  return { name, counts, windowSeconds: HOUR, floor, share: 0 };
}

interface SenderKeys {
  readonly number: RecordKey;
  readonly ip: RecordKey;
  readonly prefix: RecordKey;
}

function keysOf({ number, ip, prefix }: Sender): SenderKeys {
  return { number: recordKey('number', number), ip: recordKey('ip', ip), prefix: recordKey('prefix', prefix) };
}

/** A number 5 times and an IP 20 times an hour. */
export function twoLimits({ number, ip }: SenderKeys): LimitRequest[] {
  return [
    { key: number, log: 'sends', windows: NUMBER_HOUR, take: true },
    { key: ip, tally: 'sends', amount: 1, budgets: IP_HOUR, take: true },
  ];
}

/** A number 5 times an hour and 10 a day, an IP 20 and a prefix 10 unanswered an hour. */
export function fourLimits({ number, ip, prefix }: SenderKeys): LimitRequest[] {
  return [
    { key: number, log: 'sends', windows: NUMBER_HOUR_AND_DAY, take: true },
    { key: ip, tally: 'sends', amount: 1, budgets: IP_UNANSWERED, take: true },
    { key: prefix, tally: 'sends', amount: 1, budgets: PREFIX_UNANSWERED, take: true },
  ];
}

/** All limits in one `take`. */
export function ourLimiter(
  name: string,
  requestsOf: (sender: SenderKeys) => readonly LimitRequest[],
  { decisions, freshStore }: { readonly decisions: number; readonly freshStore: () => OtpStore | Promise<OtpStore> },
): LimiterContestant {
  return {
    name,
    async start() {
      const traffic = senders(decisions, keysOf);
      const store = await freshStore();
      await store.connect();
      return {
        async decide(position) {
          const sender = traffic[position];
          return sender !== undefined && (await store.limits.take(requestsOf(sender))).outcome === 'taken';
        },
        close: () => store.close(),
      };
    },
  };
}
