import assert from 'node:assert/strict';
import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  hmacSha256,
  memoryStore,
  OtpModule,
  type OtpModuleExtras,
  type OtpOptions,
  OtpProblemFilter,
} from 'nestjs-sms-otp';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { OTP_CLOCK } from '../../libs/otp/src/otp.tokens.js';

export type AdapterName = 'express' | 'fastify';
export const ADAPTERS: readonly AdapterName[] = ['express', 'fastify'];

export const TEST_SECRET = 'kP0n7rYw2uQz5tXv8bNc1mLd4fGh6jSa';
export const TEST_INDEX_SECRET = 'Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0gH';

export interface OtpAppOptions extends Partial<OtpOptions>, OtpModuleExtras {
  readonly adapter?: AdapterName;
  /** @default a clock of its own */
  readonly clock?: ManualClock;
  /** Controllers and providers of the application, and modules beside `OtpModule`. */
  readonly metadata?: ModuleMetadata;
  /** Called before the application listens: prefixes, pipes, filters. */
  readonly configure?: (app: INestApplication) => void;
}

export interface OtpApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly transport: RecordingTransport;
  readonly clock: ManualClock;
  codeTo(phoneNumber: string): string;
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly adapter: AdapterName;
  /** Called before the application listens: prefixes, pipes, filters. */
  readonly configure?: ((app: INestApplication) => void) | undefined;
  /** @default false, which is none */
  readonly logger?: LoggerService | false;
}

export const SILENT_LOGGER: LoggerService = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** Starts an application on a free port of loopback. */
export async function listen(
  ref: TestingModule,
  { adapter, configure, logger = false }: ListenOptions,
): Promise<INestApplication> {
  const app: INestApplication =
    adapter === 'express'
      ? ref.createNestApplication(new ExpressAdapter(), { logger })
      : ref.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger });
  configure?.(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

/** A Nest application with the module, listening on loopback: real adapter, recorded messages, a clock that stands still. */
export async function startOtpApp({
  adapter = 'express',
  clock = new ManualClock(),
  metadata = {},
  configure,
  ...options
}: OtpAppOptions = {}): Promise<OtpApp> {
  const transport = new RecordingTransport();
  const ref = await Test.createTestingModule({
    ...metadata,
    imports: [
      OtpModule.forRoot({
        serviceName: 'Acme',
        secrets: [TEST_SECRET],
        indexSecret: TEST_INDEX_SECRET,
        purposes: { login: { start: 'public' } },
        store: memoryStore({ clock }),
        transports: [transport],
        hashing: hmacSha256(),
        ...options,
      }),
      ...(metadata.imports ?? []),
    ],
  })
    .overrideProvider(OTP_CLOCK)
    .useValue(clock)
    .compile();
  const app = await listen(ref, {
    adapter,
    configure: (created) => {
      created.useGlobalFilters(created.get(OtpProblemFilter));
      configure?.(created);
    },
  });
  return {
    app,
    url: await app.getUrl(),
    transport,
    clock,
    codeTo(phoneNumber) {
      const code = transport.lastCodeTo(phoneNumber);
      assert.ok(code !== undefined, 'no message went there');
      return code;
    },
    close: () => app.close(),
  };
}
