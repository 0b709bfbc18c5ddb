import { generateKeyPairSync } from 'node:crypto';
import { Controller, Get, Inject, type INestApplication, type LoggerService, Post } from '@nestjs/common';
import {
  type CodeHasher,
  hmacSha256,
  OtpEvents,
  OtpHealth,
  type OtpRequest,
  OtpService,
  type OtpStore,
  OtpThrottle,
} from 'nestjs-sms-otp';
import type { ManualClock } from 'nestjs-sms-otp/testing';
import { Bank } from '../support/sample-app/bank.js';
import { sampleParts } from '../support/sample-app/start-sample.js';
import { type AdapterName, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { PUBLIC_URL } from '../support/receipts.js';
import { PROVIDERS } from './providers.js';
import { Watch } from './watch.js';

@Controller('health')
class HealthController {
  constructor(@Inject(OtpHealth) private readonly health: OtpHealth) {}

  @Get()
  check() {
    return this.health.check();
  }
}

@Controller('quotes')
class QuotesController {
  @Get()
  @OtpThrottle([{ name: 'quotes', limit: 3, windowSeconds: 60 }])
  byAddress() {
    return {};
  }

  @Post()
  @OtpThrottle([
    {
      name: 'orders',
      limit: 3,
      windowSeconds: 60,
      key: ({ headers }: OtpRequest) => `account ${headers['x-account'] ?? ''}`,
    },
  ])
  byAccount() {
    return {};
  }
}

/** So many that what one number may do is the only bound. */
const WIDE = [{ limit: 1_000_000, windowSeconds: 3600 }];

export interface FuzzTarget {
  readonly otp: OtpApp;
  readonly watch: Watch;
  readonly service: OtpService;
  /** Id of a session of somebody who is signed in. */
  readonly session: string;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly adapter: AdapterName;
  readonly clock: ManualClock;
  readonly store: OtpStore;
  readonly hashing?: CodeHasher;
}

/**
 * An application that has everything with a route of its own: built-in routes, receipts of every transport, published keys,
 * health, and handlers guarded and limited in every way.
 */
export async function startTarget({
  adapter,
  clock,
  store,
  hashing = hmacSha256(),
}: TargetOptions): Promise<FuzzTarget> {
  const watch = new Watch();
  const bank = new Bank();
  const session = bank.open('ann');
  const parts = sampleParts(bank, [QuotesController, HealthController]);
  const recording = watch.transport;
  const otp = await startOtpApp({
    ...parts,
    adapter,
    clock,
    store,
    hashing,
    publicUrl: PUBLIC_URL,
    origin: 'app.acme.example',
    allowedOrigins: ['https://app.acme.example'],
    trustedProxies: ['loopback'],
    transports: [recording, ...PROVIDERS.map(({ create, options }) => create(options))],
    limits: {
      ip: { unansweredSends: WIDE, sends: WIDE, unansweredCountries: WIDE, wrongCodes: WIDE, failedSends: WIDE },
      prefix: { unansweredSends: WIDE },
      country: { unansweredSends: WIDE },
      all: { unansweredSends: WIDE },
    },
    ...(adapter === 'fastify' ? { proofs: { keys: [signingKey()] } } : {}),
    configure: (app) => watchLogs(app, watch),
  });
  otp.app.get(OtpEvents).on('*', (event) => watch.see('event', event));
  return {
    otp: { ...otp, transport: recording, codeTo: (number) => recording.lastCodeTo(number) ?? '' },
    watch,
    service: otp.app.get(OtpService),
    session,
    close: async () => {
      watch.close();
      await otp.close();
    },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function watchLogs(app: INestApplication, watch: Watch): void {
  const seeing =
    (level: string) =>
    (...entry: unknown[]) =>
      watch.see(`log ${level}`, entry);
  const logger: LoggerService = { log: seeing('log'), warn: seeing('warn'), error: seeing('error') };
  app.useLogger(logger);
}
