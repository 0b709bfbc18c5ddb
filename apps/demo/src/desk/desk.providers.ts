import type { Provider } from '@nestjs/common';
import { DEFAULT_LIMITS, DEFAULT_PRICES, OtpEvents, OtpHealth, type OtpLimitOptions } from 'nestjs-sms-otp';
import type { DemoConfig } from '../config.js';
import { Desk } from './desk.js';
import { DeskRecorder } from './desk-recorder.js';
import { DESK_STORE, type DeskStore } from './desk.store.js';
import { MemoryDeskStore } from './memory-desk.store.js';
import { RedisDeskStore } from './redis-desk.store.js';

export interface DeskProvidersOptions {
  readonly config: Pick<DemoConfig, 'redisUrl' | 'namespace'>;
  /** Those that the module was given. */
  readonly limits?: OtpLimitOptions;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/** What gathers the events and shows them. */
export function deskProviders({
  config,
  limits: { money, number } = {},
  now = Date.now,
}: DeskProvidersOptions): Provider[] {
  const settings = {
    prices: money?.prices ?? DEFAULT_PRICES,
    ...(money !== undefined && { perDay: money.perDay }),
    wrongCodes: number?.wrongCodes ?? DEFAULT_LIMITS.number.wrongCodes,
  };
  return [
    { provide: DESK_STORE, useFactory: () => deskStore(config, now) },
    {
      provide: DeskRecorder,
      useFactory: (events: OtpEvents, health: OtpHealth, store: DeskStore) =>
        new DeskRecorder({ events, health, store }),
      inject: [OtpEvents, OtpHealth, DESK_STORE],
    },
    { provide: Desk, useFactory: (store: DeskStore) => new Desk({ store, now, ...settings }), inject: [DESK_STORE] },
  ];
}

function deskStore({ redisUrl, namespace }: DeskProvidersOptions['config'], now: () => number): DeskStore {
  return redisUrl === undefined ? new MemoryDeskStore(now) : new RedisDeskStore({ url: redisUrl, namespace });
}
