import { z } from 'zod';
import { checkPrices } from './limits/prices.js';
import { checked, DAY_SECONDS, numberFrom, wholeNumber } from './otp.schema-parts.js';

const windows = z
  .array(z.strictObject({ limit: wholeNumber(1, 1000), windowSeconds: wholeNumber(1, 30 * DAY_SECONDS) }))
  .min(1, 'must have at least one limit, e.g. [{ limit: 5, windowSeconds: 3600 }]');

const mode = z.enum(['enforce', 'observe'], "must be 'enforce' or 'observe'");

const budget = z.strictObject({
  limit: wholeNumber(1, 1_000_000),
  windowSeconds: wholeNumber(1, 30 * DAY_SECONDS),
  share: numberFrom(0, 100).optional(),
  trickleSeconds: wholeNumber(1, DAY_SECONDS).optional(),
  mode: mode.optional(),
});

const budgets = z
  .array(budget)
  .min(1, 'must have at least one limit, e.g. [{ limit: 50, windowSeconds: 3600, share: 0.5 }]');

const young = z.strictObject({
  seconds: wholeNumber(10, 120),
  upTo: wholeNumber(0, 1_000_000),
  share: numberFrom(0, 100).optional(),
});

const cooldown = z
  .array(wholeNumber(1, DAY_SECONDS))
  .min(1, 'must have at least one step in seconds, e.g. [30, 60, 120]');

const lane = { cooldownSeconds: cooldown.optional(), sends: windows.optional(), wrongCodes: windows.optional() };
const shared = { unansweredSends: budgets.optional(), youngSends: young.optional() };

export const LIMITS_SCHEMA = z.strictObject({
  number: z.strictObject({ ...lane, consecutiveFailures: wholeNumber(1, 100).optional() }).optional(),
  device: z.strictObject(lane).optional(),
  vouched: z.strictObject(lane).optional(),
  trusted: z.strictObject({ sends: windows.optional(), wrongCodes: windows.optional() }).optional(),
  knownNumbers: z
    .strictObject({
      withinSeconds: wholeNumber(DAY_SECONDS, 400 * DAY_SECONDS).optional(),
      passes: wholeNumber(0, 10).optional(),
    })
    .optional(),
  ip: z
    .strictObject({
      ipv6Prefix: wholeNumber(48, 128).optional(),
      unansweredSends: budgets.optional(),
      youngSends: young.optional(),
      sends: budgets.optional(),
      unansweredCountries: budgets.max(1, 'must be one limit').optional(),
      wrongCodes: budgets.optional(),
      failedSends: budgets.optional(),
    })
    .optional(),
  prefix: z.strictObject(shared).optional(),
  country: z.strictObject(shared).optional(),
  all: z.strictObject({ ...shared, wrongCodes: budgets.optional() }).optional(),
  money: z
    .strictObject({
      perDay: numberFrom(0.01, 1_000_000_000),
      reserve: numberFrom(0, 0.9).optional(),
      prices: checked(checkPrices).optional(),
      mode: mode.optional(),
    })
    .optional(),
});
