import { z } from 'zod';
import { CODE_LENGTHS } from './code/make-code.js';
import { TRANSPORT_NAME } from './delivery/transport-name.js';
import { checked, checkedList, wholeNumber } from './otp.schema-parts.js';
import { CHANNELS } from './phone/channel.js';
import { checkCountries } from './phone/countries.js';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isFunction = (value: unknown) => typeof value === 'function';
const isChannel = (value: unknown) => CHANNELS.some((channel) => channel === value);

export const TRANSPORT_SCHEMA = checked((value) => {
  const channels: unknown = isObject(value) ? Reflect.get(value, 'channels') : undefined;
  if (
    !isObject(value) ||
    typeof Reflect.get(value, 'name') !== 'string' ||
    !Array.isArray(channels) ||
    !isFunction(Reflect.get(value, 'send'))
  ) {
    return 'must be a transport: `name`, a list of `channels`, and `send`';
  }
  return channels.every(isChannel)
    ? receiptsProblem(value)
    : `has a channel that there is not; there are ${CHANNELS.join(', ')}`;
});

function receiptsProblem(transport: object): string | undefined {
  const receipts: unknown = Reflect.get(transport, 'receipts');
  if (receipts === undefined) {
    return undefined;
  }
  const isReader =
    isObject(receipts) &&
    ['methods', 'contentTypes'].every((name) => Array.isArray(Reflect.get(receipts, name))) &&
    isObject(Reflect.get(receipts, 'answer')) &&
    isFunction(Reflect.get(receipts, 'read'));
  if (!isReader) {
    return 'has receipts that are no reader (methods, contentTypes, answer, read); leave them out where there are none';
  }
  // It stands in the address to which the provider sends its receipts.
  return TRANSPORT_NAME.test(String(Reflect.get(transport, 'name')))
    ? undefined
    : 'has receipts, so its name must be lower-case letters, digits and hyphens';
}

export const CHANNELS_SCHEMA = z
  .array(z.enum(CHANNELS, `must be one of ${CHANNELS.join(', ')}`), 'must be an array of channels')
  .min(1, `must have a channel: some of ${CHANNELS.join(', ')}`)
  .refine((channels) => new Set(channels).size === channels.length, 'lists a channel twice; list each once');

export const DELIVERY_SCHEMA = z.strictObject({
  order: z
    .array(
      z.strictObject({
        countries: checkedList(checkCountries).optional(),
        channels: CHANNELS_SCHEMA.optional(),
        transports: z.array(z.string('must be a name'), 'must be names').min(1, 'must name a transport'),
      }),
      'must be an array of { countries?, channels?, transports }',
    )
    .optional(),
  totalTimeoutSeconds: wholeNumber(1, 120).optional(),
  circuitBreaker: z
    .strictObject({ failures: wholeNumber(1, 100).optional(), openSeconds: wholeNumber(1, 600).optional() })
    .optional(),
  afterUnknownOutcome: z.enum(['stop', 'next'], "must be 'stop' or 'next'").optional(),
  resendFailed: z.boolean('must be true or false').optional(),
});

const CODE_FORM = 'must be 6 to 8 digits, as long as your codes, or a list of such';
const isCode = (text: string) => CODE_LENGTHS.some((length) => text.length === length) && /^\d+$/.test(text);

const code = z.string(CODE_FORM).refine(isCode, CODE_FORM);

/** ISO 8601, of a day that there is: JavaScript takes the 31st of February for the 3rd of March. */
function isDate(text: string): boolean {
  const day = /^\d{4}-\d\d-\d\d(?=T|$)/.exec(text)?.[0];
  return day !== undefined && !Number.isNaN(Date.parse(text)) && isSameDay(day);
}

function isSameDay(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

export const TEST_NUMBERS_SCHEMA = z.strictObject({
  codes: z
    .record(z.string(), z.union([code, z.array(code).min(1)], CODE_FORM))
    .refine((codes) => Object.keys(codes).length <= 100, 'has more than 100 numbers'),
  expires: checked((value) =>
    typeof value === 'string' && isDate(value)
      ? undefined
      : 'must be a date after which they are numbers like any other, e.g. "2027-01-31"',
  ),
  allowInProduction: z.boolean('must be true or false').optional(),
});
