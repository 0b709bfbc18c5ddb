import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import { defineOtpPurposes, OtpModule, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';
import { RecordingTransport } from 'nestjs-sms-otp/testing';
import { consoleTransport } from 'nestjs-sms-otp/transports/console';

const purposes = defineOtpPurposes({ login: { start: 'public' } });
const transport = new RecordingTransport();

@Controller()
export class ApplicationController {
  /** Stands in for the person's phone. */
  @Get('messages/:phoneNumber')
  message(@Param('phoneNumber') phoneNumber: string) {
    return { code: transport.lastCodeTo(phoneNumber) };
  }

  @Post('session')
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  session(@VerifiedPhone() phoneNumber: string) {
    return { phoneNumber };
  }
}

@Module({
  imports: [
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: ['a secret of an application that lives for one test'],
      purposes,
      transports: [transport, consoleTransport()],
    }),
  ],
  controllers: [ApplicationController],
})
export class ApplicationModule {}
