import type { Provider, Type } from '@nestjs/common';
import { OtpAdmin } from './admin/otp-admin.js';
import { OtpHealth } from './admin/otp-health.js';
import type { OtpParts } from './flows/otp-parts.js';
import { ReceiptFlow } from './flows/receipt.flow.js';
import type { OtpCaller } from './http/guard/otp-caller.js';
import { createClientIpReader } from './http/client-ip.js';
import { OtpClientPipe } from './http/otp-client.decorator.js';
import { DEFAULT_PATH, type OtpRoutesOptions } from './http/otp.controller.js';
import { OtpDeviceCookie } from './http/otp-device-cookie.js';
import { OtpGuard } from './http/guard/otp.guard.js';
import { OtpThrottleGuard } from './http/throttle/otp-throttle.guard.js';
import { RequirementCheck } from './http/guard/requirement-check.js';
import { RequirementScan } from './http/guard/requirement-scan.js';
import type { OtpHttp } from './http/otp-http.js';
import { OtpProblemFilter } from './http/otp-problem.filter.js';
import { OTP_CALLER, OTP_HTTP, OTP_PARTS } from './http/otp-tokens.js';
import { ReceiptCalls } from './http/webhooks/receipt-calls.js';
import { ReceiptEndpoints } from './http/webhooks/receipt-endpoints.js';
import { assembleParts, type PartsSources } from './otp.assembly.js';
import { OtpLifecycle } from './otp.lifecycle.js';
import type { OtpOptions } from './otp.options.js';
import { resolveOptions, type ResolvedOtpOptions } from './otp.resolved-options.js';
import { OtpService } from './otp.service.js';
import type { CodeHasher } from './hashing/code-hasher.js';
import type { SmsTransport } from './delivery/sms-transport.js';
import type { OtpStore } from './stores/otp-store.js';
import { type Clock, systemClock } from './telemetry/clock.js';
import { OtpEvents } from './telemetry/otp-events.js';
import { OTP_CLOCK, OTP_HASHER, OTP_OPTIONS, OTP_STORE, OTP_TRANSPORTS } from './otp.tokens.js';

/** What other modules may inject. */
export const OTP_EXPORTS = [
  OtpService,
  OtpAdmin,
  OtpHealth,
  OtpEvents,
  OtpProblemFilter,
  OtpGuard,
  OtpThrottleGuard,
  OtpClientPipe,
  OtpDeviceCookie,
  OTP_HTTP,
  OTP_PARTS,
  OTP_CALLER,
];

export interface ProviderOptions {
  readonly routes: OtpRoutesOptions | false;
  readonly caller: Type<OtpCaller> | undefined;
  readonly guard: Type<OtpGuard>;
}

/** Each replaceable piece has a token of its own, so that a test can override it (`FakeOtp` does). */
export function otpProviders({ routes, caller, guard }: ProviderOptions): Provider[] {
  const routesPath = routes === false ? undefined : (routes.path ?? DEFAULT_PATH).replace(/^\/+|\/+$/g, '');
  return [
    {
      provide: OTP_OPTIONS,
      useFactory: (options: OtpOptions) => resolveOptions(options),
      inject: ['OTP_MODULE_OPTIONS'],
    },
    { provide: OTP_CLOCK, useValue: systemClock },
    { provide: OTP_STORE, useFactory: (options: ResolvedOtpOptions) => options.store, inject: [OTP_OPTIONS] },
    { provide: OTP_TRANSPORTS, useFactory: (options: ResolvedOtpOptions) => options.transports, inject: [OTP_OPTIONS] },
    { provide: OTP_HASHER, useFactory: (options: ResolvedOtpOptions) => options.hashing, inject: [OTP_OPTIONS] },
    { provide: OTP_CALLER, useValue: caller },
    {
      provide: OTP_HTTP,
      useFactory: (options: ResolvedOtpOptions): OtpHttp => ({
        readClientIp: createClientIpReader(options.trustedProxies, { header: options.forwardedHeader }),
        allowedOrigins: new Set(options.allowedOrigins),
        secureCookies: options.production || isHttps(options.publicUrl),
        routesPath,
      }),
      inject: [OTP_OPTIONS],
    },
    { provide: OtpEvents, useFactory: (clock: Clock) => new OtpEvents(clock), inject: [OTP_CLOCK] },
    {
      provide: OTP_PARTS,
      useFactory: (
        options: ResolvedOtpOptions,
        store: OtpStore,
        transports: readonly SmsTransport[],
        hasher: CodeHasher,
        clock: Clock,
        events: OtpEvents,
      ): Promise<OtpParts> =>
        assembleParts({ options, routesPath, store, transports, hasher, clock, events } satisfies PartsSources),
      inject: [OTP_OPTIONS, OTP_STORE, OTP_TRANSPORTS, OTP_HASHER, OTP_CLOCK, OtpEvents],
    },
    { provide: OtpAdmin, useFactory: (parts: OtpParts) => new OtpAdmin(parts), inject: [OTP_PARTS] },
    {
      provide: OtpHealth,
      useFactory: (parts: OtpParts) => new OtpHealth(parts),
      inject: [OTP_PARTS],
    },
    {
      provide: ReceiptEndpoints,
      // After the parts, whose assembly has checked the readers.
      useFactory: ({ publicUrl }: ResolvedOtpOptions, transports: readonly SmsTransport[]) =>
        new ReceiptEndpoints(transports, { publicUrl, routesPath }),
      inject: [OTP_OPTIONS, OTP_TRANSPORTS, OTP_PARTS],
    },
    { provide: ReceiptFlow, useFactory: (parts: OtpParts) => new ReceiptFlow(parts), inject: [OTP_PARTS] },
    ReceiptCalls,
    OtpService,
    { provide: OtpGuard, useClass: guard },
    OtpThrottleGuard,
    RequirementScan,
    RequirementCheck,
    OtpClientPipe,
    OtpDeviceCookie,
    OtpProblemFilter,
    OtpLifecycle,
  ];
}

function isHttps(url: string | undefined): boolean {
  return url !== undefined && new URL(url).protocol === 'https:';
}
