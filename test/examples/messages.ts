// #region example
import { Module } from '@nestjs/common';
import { defineOtpPurposes, OtpModule } from 'nestjs-sms-otp';

const purposes = defineOtpPurposes({ login: { start: 'public' } });
const secret = process.env['OTP_SECRET'] ?? ''; // openssl rand -base64 32

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [secret],
      purposes,
      origin: 'app.acme.com',
      messages: {
        languages: ['nl', 'en', 'la'], // Dutch for everybody else
        templates: {
          la: ({ code, serviceName }) => `${code} est clavis tua apud ${serviceName}. Noli eam cuiquam tradere.`,
        },
        androidAppHash: 'FA+9qCX9VSu',
      },
    }),
  ],
})
export class AppModule {}
// #endregion example
