import assert from 'node:assert/strict';
import { Test } from '@nestjs/testing';
import * as fc from 'fast-check';
import { argon2id, hmacSha256, jsonReceipts, memoryStore, OtpModule, OtpOptionsError } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { describe, it } from 'vitest';
import { z } from 'zod';
import { resolveOptions } from '../../../libs/otp/src/otp.resolved-options.js';
import { effort } from '../../support/effort.js';
import { SILENT_LOGGER, TEST_INDEX_SECRET, TEST_SECRET } from '../../support/otp-app.js';
import { TOKEN } from '../../support/receipts.js';
import { mutated, strangeValue } from '../arbitraries/mutated.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from '../fuzz.js';
import { PROVIDER_SECRET, PROVIDERS } from '../providers.js';
import { checkError } from './check-error.js';

const timeout = FUZZ_TIMEOUT_MS;
const budgets = [{ limit: 50, windowSeconds: 3600, share: 0.5, trickleSeconds: 60, mode: 'observe' }];
const windows = [{ limit: 5, windowSeconds: 3600 }];

const store = memoryStore();
Object.setPrototypeOf(store, {});

/** Every option once. */
const EVERYTHING = {
  serviceName: 'Acme',
  secrets: [TEST_SECRET, `${TEST_SECRET}-old`],
  indexSecret: TEST_INDEX_SECRET,
  purposes: {
    login: { start: 'public', ttlSeconds: 300, codeLength: 6, maxAttempts: 5, maxSends: 3, channels: ['sms', 'voice'] },
    payout: { audience: ['https://ledger.acme.example'], binding: z.object({ amount: z.string() }) },
  },
  origin: 'app.acme.example',
  publicUrl: 'https://api.acme.example',
  // Taken or replaced as a whole: what a port's methods are is the business of types.
  store,
  transports: [new RecordingTransport()],
  sendTimeoutSeconds: 10,
  delivery: {
    order: [{ countries: ['NL'], channels: ['sms'], transports: ['recording'] }],
    totalTimeoutSeconds: 20,
    circuitBreaker: { failures: 5, openSeconds: 30 },
    afterUnknownOutcome: 'stop',
    resendFailed: false,
  },
  messages: { languages: ['en', 'nl'], templates: { nl: () => 'code' }, androidAppHash: 'FA+9qCX9VSu' },
  testNumbers: { codes: { '+31612345678': '123456' }, expires: '2027-01-31', allowInProduction: false },
  destinations: { countries: ['NL', 'DE'], allow: () => true },
  limits: {
    number: { cooldownSeconds: [30, 60], sends: windows, wrongCodes: windows, consecutiveFailures: 100 },
    knownNumbers: { withinSeconds: 86_400, passes: 2 },
    ip: { ipv6Prefix: 64, unansweredSends: budgets, youngSends: { seconds: 60, upTo: 5, share: 1 } },
    country: { unansweredSends: budgets },
    all: { wrongCodes: budgets },
    money: { perDay: 100, reserve: 0.1, prices: { default: 0.5, countries: { NL: 0.1 } }, mode: 'enforce' },
  },
  risk: { assessor: { assess: () => ({ decision: 'allow' }) }, timeoutSeconds: 1, onFailure: 'deny', decoys: false },
  hashing: hmacSha256(),
  proofs: { ttlSeconds: 600, clockToleranceSeconds: 5 },
  trustedProxies: ['loopback', '10.0.0.0/8'],
  forwardedHeader: 'x-forwarded-for',
  allowedOrigins: ['https://app.acme.example'],
  production: false,
};

const isOptionsError = (error: Error) => error instanceof OtpOptionsError && error.problems.length > 0;

describe('A6 I2 options of any kind either start or are refused by name', () => {
  it('of the module', { timeout }, async () => {
    const tried = new Tried();
    assert.doesNotThrow(() => Reflect.apply(resolveOptions, undefined, [EVERYTHING]));
    const property = fc.property(mutated(EVERYTHING), (options) => {
      try {
        Reflect.apply(resolveOptions, undefined, [options]);
        tried.add('taken');
      } catch (error) {
        tried.add('refused');
        return checkError(error, isOptionsError);
      }
      return true;
    });
    await assertHolds(property, { runs: effort(500, 15_000), tried });
  });

  it('of the module that starts', { timeout }, async () => {
    const tried = new Tried();
    const property = fc.asyncProperty(mutated(EVERYTHING), async (options) => {
      try {
        const module: unknown = Reflect.apply(OtpModule.forRoot, OtpModule, [options]);
        const imports = [module].flatMap((one) => (isModule(one) ? [one] : []));
        const ref = await Test.createTestingModule({ imports }).setLogger(SILENT_LOGGER).compile();
        await ref.close();
        tried.add('started');
      } catch (error) {
        tried.add('refused');
        return checkError(error, isOptionsError);
      }
      return true;
    });
    await assertHolds(property, { runs: effort(8, 1_000), tried });
  });

  it.each(PROVIDERS)('of the transport $name', { timeout }, async ({ create, options }) => {
    const tried = new Tried();
    assert.doesNotThrow(() => create(options));
    const property = fc.property(mutated(options), (given) => {
      try {
        create(given);
        tried.add('taken');
      } catch (error) {
        tried.add('refused');
        return checkError(error, ({ name, message }) => name === 'TypeError' && /^[a-zA-Z]+: options? /.test(message));
      }
      return true;
    });
    await assertHolds(property, { runs: effort(200, 4_000), tried });
  });

  const PARTS: readonly (readonly [
    name: string,
    create: (options: never) => unknown,
    options: object,
    told: RegExp,
  ])[] = [
    [
      'redisStore',
      redisStore,
      {
        url: 'redis://:canary-secret-q7Zt@127.0.0.1:6379',
        namespace: 'otp',
        commandTimeoutMs: 500,
        waitForReplicas: { replicas: 1, timeoutMs: 300 },
      },
      /^redisStore: /,
    ],
    ['memoryStore', memoryStore, { namespace: 'otp', maxNumbers: 10, maxIps: 10, maxMarks: 10 }, /^memoryStore: /],
    [
      'jsonReceipts',
      jsonReceipts,
      {
        tokens: [TOKEN],
        read: () => [],
        signature: {
          header: 'x-signature',
          secrets: [PROVIDER_SECRET],
          algorithm: 'sha256',
          encoding: 'hex',
          prefix: '',
        },
        allowedIps: ['10.0.0.0/8'],
        maxBodyBytes: 100,
        answer: { status: 200 },
      },
      /^jsonReceipts: options? /,
    ],
    ['argon2id', argon2id, { engine: 'argon2', memoryKiB: 19_456, passes: 2, parallelism: 1 }, /^hashing\b/],
  ];

  it.each(PARTS)('of %s', { timeout }, async (_name, create, options, told) => {
    const tried = new Tried();
    const property = fc.property(fc.oneof(mutated(options), strangeValue), (given) => {
      try {
        Reflect.apply(create, undefined, [given]);
        tried.add('taken');
      } catch (error) {
        tried.add('refused');
        return checkError(error, ({ message }) => told.test(message));
      }
      return true;
    });
    await assertHolds(property, { runs: effort(300, 10_000), tried });
  });
});

function isModule(value: unknown): value is { readonly module: typeof OtpModule } {
  return typeof value === 'object' && value !== null && 'module' in value;
}
