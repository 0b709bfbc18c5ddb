import { Module } from '@nestjs/common';
import { ConfigurableModuleClass } from './otp.module-definition.js';

/**
 * One-time codes by SMS: `OtpService`, the built-in routes, and `@RequireOtp()`.
 *
 * @example
 * OtpModule.forRoot({ serviceName: 'Acme', secrets: [secret], purposes })
 */
@Module({})
export class OtpModule extends ConfigurableModuleClass {}
