import { ConfigurableModuleBuilder, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { OtpGuard } from './http/guard/otp.guard.js';
import type { OtpCaller } from './http/guard/otp-caller.js';
import { createOtpController, type OtpRoutesOptions } from './http/otp.controller.js';
import { createReceiptController } from './http/webhooks/receipt.controller.js';
import type { OtpOptions } from './otp.options.js';
import { OTP_EXPORTS, otpProviders } from './otp.providers.js';

/** What stands outside the options' factory, because routes and guards are built before it runs. */
export interface OtpModuleExtras {
  /** @default true */
  isGlobal?: boolean;
  /** The built-in routes, or `false` for none. @default { path: 'otp' } */
  routes?: OtpRoutesOptions | false;
  /** Tells guards who is calling; a class of the application, found on first use. @default none */
  caller?: Type<OtpCaller> | undefined;
  /** A subclass of `OtpGuard` with steps of your own; `@RequireOtp` uses it. @default OtpGuard */
  guard?: Type<OtpGuard>;
}

const DEFAULT_ROUTES: OtpRoutesOptions = {};

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, ASYNC_OPTIONS_TYPE, OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<OtpOptions>({ moduleName: 'Otp' })
    .setClassMethodName('forRoot')
    .setExtras<OtpModuleExtras>(
      { isGlobal: true, routes: DEFAULT_ROUTES, caller: undefined, guard: OtpGuard },
      (definition, extras) => {
        const routes = extras.routes ?? DEFAULT_ROUTES;
        return {
          ...definition,
          global: extras.isGlobal ?? true,
          imports: [...(definition.imports ?? []), DiscoveryModule],
          controllers: routes === false ? [] : [createOtpController(routes), createReceiptController(routes)],
          providers: [
            ...(definition.providers ?? []),
            ...otpProviders({ routes, caller: extras.caller, guard: extras.guard ?? OtpGuard }),
          ],
          exports: OTP_EXPORTS,
        };
      },
    )
    .build();
