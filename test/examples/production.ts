import { Injectable, Module, type OnApplicationShutdown, SetMetadata } from '@nestjs/common';
import { Redis } from 'ioredis';
import { purposes } from './purposes.js';
import { AppOtpCaller, UsersService } from './step-up.js';

export const Public = () => SetMetadata('public', true);

@Injectable()
export class RedisClient extends Redis implements OnApplicationShutdown {
  constructor() {
    super(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', { lazyConnect: true });
  }

  onApplicationShutdown(): void {
    this.disconnect();
  }
}

@Module({ providers: [RedisClient], exports: [RedisClient] })
export class RedisModule {}

/** Changed while the application runs. */
export const blocked = new Set<string>();

// #region example
import { ConfigModule, ConfigService } from '@nestjs/config';
import { OtpModule, type OtpOptions } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { smstools } from 'nestjs-sms-otp/transports/smstools';
import { twilio } from 'nestjs-sms-otp/transports/twilio';

@Module({
  imports: [
    OtpModule.forRootAsync({
      isGlobal: true, // the default
      routes: { path: 'otp', decorators: [Public()] }, // what routes and guards need stands outside the factory
      caller: AppOtpCaller, // a class, found on first use
      imports: [ConfigModule, RedisModule],
      inject: [ConfigService, RedisClient],
      useFactory: (config: ConfigService, redis: RedisClient): OtpOptions => ({
        serviceName: 'Acme',
        origin: 'app.acme.com',
        publicUrl: 'https://api.acme.com/api',
        purposes,
        secrets: config.getOrThrow<string>('OTP_SECRETS').split(','),
        indexSecret: config.getOrThrow<string>('OTP_INDEX_SECRET'),
        store: redisStore({ client: redis, namespace: 'acme' }),
        transports: [
          twilio({
            accountSid: config.getOrThrow<string>('TWILIO_ACCOUNT_SID'),
            authToken: config.getOrThrow<string>('TWILIO_AUTH_TOKEN'),
            messagingServiceSid: config.getOrThrow<string>('TWILIO_MESSAGING_SERVICE_SID'),
          }),
          // Asked where Twilio definitely could not send.
          smstools({
            clientId: config.getOrThrow<string>('SMSTOOLS_CLIENT_ID'),
            clientSecret: config.getOrThrow<string>('SMSTOOLS_CLIENT_SECRET'),
            sender: 'Acme',
          }),
        ],
        destinations: { countries: ['NL', 'BE'], allow: async ({ country }) => !blocked.has(country) },
        trustedProxies: ['10.0.0.0/8'],
        allowedOrigins: ['https://app.acme.com'],
      }),
    }),
  ],
  providers: [AppOtpCaller, UsersService],
})
export class AppModule {}
// #endregion example
