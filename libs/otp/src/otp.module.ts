import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigurableModuleClass, type OPTIONS_TYPE } from './otp.module-definition.js';
import { OtpOptionsError } from './otp.resolved-options.js';

/**
 * One-time codes by SMS: `OtpService`, the built-in routes, and `@RequireOtp()`.
 *
 * @example
 * OtpModule.forRoot({ serviceName: 'Acme', secrets: [secret], purposes })
 */
@Module({})
export class OtpModule extends ConfigurableModuleClass {
  /** @throws OtpOptionsError when there are no options; what is wrong with those that are there is told at boot. */
  static override forRoot(options: typeof OPTIONS_TYPE): DynamicModule {
    // Nest takes them apart before anything of ours has seen them.
    if (typeof options !== 'object' || options === null) {
      throw new OtpOptionsError(['options: must be an object']);
    }
    return super.forRoot(options);
  }
}
