import { Test } from '@nestjs/testing';
import {
  consoleTransport,
  defineOtpPurposes,
  httpsTransport,
  memoryStore,
  OtpModule,
  OtpOptionsError,
  type OtpStore,
} from 'nestjs-sms-otp';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SILENT_LOGGER, TEST_INDEX_SECRET, TEST_SECRET } from '../support/otp-app.js';

const valid = {
  serviceName: 'Acme',
  secrets: [TEST_SECRET],
  purposes: defineOtpPurposes({ login: { start: 'public' } }),
};

const transport = httpsTransport({ url: 'https://sms.example.com/send', body: ({ to, text }) => ({ to, text }) });
/** A transport, and a reader of receipts, in the fewest words. */
const send = { name: 'acme', channels: ['sms'], send: async () => ({ outcome: 'failed', reason: 'transient' }) };
const reader = { methods: ['POST'], contentTypes: [], answer: { status: 204 }, read: () => ({ outcome: 'forged' }) };
const production = { production: true, indexSecret: TEST_INDEX_SECRET, transports: [transport] };

/** What is wrong with the options, one line a mistake; empty when the module starts. */
async function problemsOf(options: object): Promise<readonly string[]> {
  try {
    const ref = await Test.createTestingModule({ imports: [OtpModule.forRoot({ ...valid, ...options })] })
      .setLogger(SILENT_LOGGER)
      .compile();
    await ref.close();
    return [];
  } catch (error) {
    if (error instanceof OtpOptionsError) {
      expect(error.message.split('\n')).toHaveLength(error.problems.length + 1);
      return error.problems;
    }
    throw error;
  }
}

/** The options at fault, in the order of the alphabet. */
function namesOf(problems: readonly string[]): readonly string[] {
  return problems.map((problem) => problem.slice(0, problem.indexOf(':'))).toSorted((a, b) => a.localeCompare(b));
}

const SHORT = 'Tooshort1Secret!';
const PLAIN = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

describe('options at boot', () => {
  it('the smallest options will do', async () => {
    expect(await problemsOf({})).toEqual([]);
  });

  const wrong: readonly (readonly [option: string, value: unknown])[] = [
    ['serviceName', undefined],
    ['serviceName', ''],
    ['serviceName', 'Visit evil.example now'],
    ['serviceName', 'Acme\n@evil.example #123456'],
    ['secrets', undefined],
    ['secrets', []],
    ['secrets', TEST_SECRET],
    ['secrets', [SHORT]],
    ['secrets', [PLAIN]],
    ['secrets', [42]],
    ['indexSecret', SHORT],
    ['indexSecret', PLAIN],
    ['purposes', undefined],
    ['purposes', {}],
    ['purposes', ['login']],
    ['purposes', { 'log in': {} }],
    ['purposes', { login: 'public' }],
    ['purposes', { login: { start: 'everybody' } }],
    ['purposes', { login: { ttlSeconds: 601 } }],
    ['purposes', { login: { ttlSeconds: 0 } }],
    ['purposes', { login: { ttlSeconds: '300' } }],
    ['purposes', { login: { ttlSeconds: Number.NaN } }],
    ['purposes', { login: { codeLength: 4 } }],
    ['purposes', { login: { codeLength: '6' } }],
    ['purposes', { login: { maxAttempts: 11 } }],
    ['purposes', { login: { maxAttempts: Number.POSITIVE_INFINITY } }],
    ['purposes', { login: { maxSends: 0 } }],
    ['purposes', { login: { message: '{code} is your code' } }],
    ['purposes', { login: { lifetime: 5 } }],
    ['origin', 'https://app.acme.com/login'],
    ['origin', 7],
    ['publicUrl', 'api.acme.com'],
    ['publicUrl', 'javascript:alert(1)'],
    ['store', {}],
    ['store', 'redis'],
    ['transports', []],
    ['transports', [{ name: 'acme' }]],
    ['transports', transport],
    ['transports', [undefined]],
    ['transports', [{ ...send, channels: ['fax'] }]],
    ['transports', [{ ...send, receipts: null }]],
    ['transports', [{ ...send, receipts: {} }]],
    ['transports', [{ ...send, name: 'Acme', receipts: reader }]],
    ['transports', [send, send]],
    ['publicUrl', 'https://user:password@api.acme.com'],
    ['publicUrl', 'https://api.acme.com/?a=1'],
    ['publicUrl', 'https://api.acme.com/#a'],
    ['delivery', { order: [{ transports: ['nobody'] }] }],
    ['delivery', { order: [{ transports: [] }] }],
    ['delivery', { order: [{ countries: ['UK'], transports: ['recording'] }] }],
    ['delivery', { totalTimeoutSeconds: 0 }],
    ['delivery', { circuitBreaker: { failures: 0 } }],
    ['delivery', { afterUnknownOutcome: 'always' }],
    ['sendTimeoutSeconds', 0],
    ['sendTimeoutSeconds', 10_000],
    ['destinations', 'NL'],
    ['destinations', { countries: [] }],
    ['destinations', { countries: ['nl'] }],
    ['destinations', { countries: 'NL' }],
    ['limits', 5],
    ['limits', { number: { sends: [] } }],
    ['limits', { number: { sends: [{ limit: 0, windowSeconds: 60 }] } }],
    ['limits', { number: { sends: { limit: 5, windowSeconds: 60 } } }],
    ['limits', { number: { wrongCodes: [{ limit: 5 }] } }],
    ['limits', { number: { cooldownSeconds: [] } }],
    ['limits', { number: { cooldownSeconds: 30 } }],
    ['limits', { ip: { unansweredSends: [{ limit: 1.5, windowSeconds: 60 }] } }],
    ['limits', { continent: {} }],
    ['limits', { number: { consecutiveFailures: 101 } }],
    ['limits', { device: { sends: [] } }],
    ['limits', { vouched: { passes: 3 } }],
    ['limits', { knownNumbers: { passes: -1 } }],
    ['limits', { ip: { youngSends: { seconds: 300, upTo: 5 } } }],
    ['limits', { ip: { unansweredCountries: [1, 2].map((limit) => ({ limit, windowSeconds: 60 })) } }],
    ['limits', { prefix: { unansweredSends: [{ limit: 5, windowSeconds: 60, mode: 'off' }] } }],
    ['limits', { country: { unansweredSends: [{ limit: 5, windowSeconds: 60, share: -1 }] } }],
    ['limits', { all: { unansweredSends: [{ limit: 5, windowSeconds: 60, trickleSeconds: 0 }] } }],
    ['limits', { money: {} }],
    ['limits', { money: { perDay: 5, reserve: 1 } }],
    ['limits', { money: { perDay: 5, prices: { NL: 0.1 } } }],
    ['risk', {}],
    ['risk', { assessor: { assess: 'yes' } }],
    ['risk', { assessor: { assess: () => ({ decision: 'allow' }) }, onFailure: 'open' }],
    ['risk', { assessor: { assess: () => ({ decision: 'allow' }) }, timeoutSeconds: 60 }],
    ['hashing', 'argon2id'],
    ['hashing', {}],
    ['proofs', { ttlSeconds: 5 }],
    ['proofs', 600],
    ['trustedProxies', true],
    ['trustedProxies', ['0.0.0.0/0']],
    ['trustedProxies', ['proxy.acme.com']],
    ['allowedOrigins', '*'],
    ['allowedOrigins', ['*']],
    ['allowedOrigins', ['app.acme.com']],
    ['allowedOrigins', ['https://app.acme.com/']],
    ['production', 'yes'],
    ['serviceNmae', 'Acme'],
  ];

  it.each(wrong)('%s: %j is named, with what is wrong and how to mend it', async (option, value) => {
    const problems = await problemsOf({ [option]: value });
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) {
      expect(problem).toContain(option);
      // The validator's own words tell a developer nothing about the mend.
      expect(problem).not.toMatch(
        /Invalid (input|key)|Too (small|big)|Unrecognized|expected .* received|\bundefined\b/,
      );
      expect(problem).toMatch(/: .*(must|needs|has|is|are|declares|lists|contains) /);
    }
  });

  it('every mistake is listed at once', async () => {
    const problems = await problemsOf({
      serviceName: '',
      secrets: [],
      sendTimeoutSeconds: -1,
      proofs: { ttlSeconds: 1 },
      extra: 1,
    });
    expect(namesOf(problems)).toEqual(['options', 'proofs.ttlSeconds', 'secrets', 'sendTimeoutSeconds', 'serviceName']);
  });

  it('production’s rules are listed beside the other mistakes', async () => {
    const problems = await problemsOf({ production: true, serviceName: '' });
    expect(namesOf(problems)).toEqual(['indexSecret', 'serviceName', 'transports']);
  });

  it('A6 no secret is repeated in a problem', async () => {
    const problems = await problemsOf({
      secrets: [SHORT, PLAIN, TEST_SECRET, TEST_SECRET],
      indexSecret: `${SHORT}x`,
      [TEST_INDEX_SECRET]: 1,
      publicUrl: 'https//user:hunter2hunter2@api',
    });
    const all = problems.join('\n');
    expect(problems.length).toBeGreaterThanOrEqual(4);
    for (const secret of [SHORT, PLAIN, TEST_SECRET, 'hunter2']) {
      expect(all).not.toContain(secret);
    }
  });

  it('E1 a secret that is listed twice is named', async () => {
    const problems = await problemsOf({ secrets: [TEST_SECRET, TEST_SECRET], indexSecret: TEST_INDEX_SECRET });
    expect(problems).toEqual([expect.stringMatching(/^secrets: /)]);
  });

  it('E1 a ring of several secrets needs an index secret', async () => {
    expect(await problemsOf({ secrets: [TEST_SECRET, TEST_INDEX_SECRET] })).toEqual([
      expect.stringMatching(/^indexSecret: /),
    ]);
  });

  it('E1 another index secret over the same counters is refused', async () => {
    const kept: OtpStore = { ...memoryStore(), close: () => Promise.resolve() };
    expect(await problemsOf({ store: kept, indexSecret: TEST_INDEX_SECRET })).toEqual([]);
    expect(await problemsOf({ store: kept, indexSecret: TEST_SECRET })).toEqual([
      expect.stringMatching(/^indexSecret: /),
    ]);
    expect(await problemsOf({ store: kept, indexSecret: TEST_INDEX_SECRET })).toEqual([]);
  });

  it('options that are none are refused as options', async () => {
    const module = OtpModule.forRootAsync({ useFactory: () => JSON.parse('null') });
    await expect(Test.createTestingModule({ imports: [module] }).compile()).rejects.toBeInstanceOf(OtpOptionsError);
  });
});

describe('options in production', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('start with transport and index secret', async () => {
    expect(await problemsOf(production)).toEqual([]);
  });

  it('case 67 need a transport, an index secret, and none that shows codes', async () => {
    expect(await problemsOf({ ...production, transports: undefined })).toEqual([
      expect.stringMatching(/^transports: /),
    ]);
    expect(await problemsOf({ ...production, indexSecret: undefined })).toEqual([
      expect.stringMatching(/^indexSecret: /),
    ]);
    expect(await problemsOf({ ...production, transports: [transport, consoleTransport()] })).toEqual([
      expect.stringMatching(/^transports: .*console/),
    ]);
  });

  it('case 67 follow NODE_ENV where the option is not given', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(await problemsOf({})).toHaveLength(2);
    expect(await problemsOf({ production: false })).toEqual([]);
  });
});
