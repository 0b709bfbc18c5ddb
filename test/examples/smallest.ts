// #region example
import { Module } from '@nestjs/common';
import { defineOtpPurposes, OtpModule } from 'nestjs-sms-otp';

const purposes = defineOtpPurposes({ login: { start: 'public' } });
const secret = process.env['OTP_SECRET'] ?? ''; // openssl rand -base64 32

@Module({ imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [secret], purposes })] })
export class AppModule {}
// #endregion example
