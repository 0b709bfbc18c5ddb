import { Body, Controller, Injectable, Post } from '@nestjs/common';
import { type OtpCaller, RequireOtp, VerifiedPhone } from 'nestjs-sms-otp';

interface SoakRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: { readonly amount: string };
}

/** The header's number is who calls. */
@Injectable()
export class HeaderCaller implements OtpCaller {
  resolve({ headers }: SoakRequest) {
    const phoneNumber = headers['x-account'];
    return phoneNumber === undefined ? undefined : { subject: `user-${phoneNumber}`, phoneNumber };
  }
}

@Controller()
export class SoakController {
  @Post('session')
  @RequireOtp('login', { mode: 'proof', singleUse: true })
  session(@VerifiedPhone() phoneNumber: string) {
    return { phoneNumber };
  }

  @Post('transfer')
  @RequireOtp('transfer', { binding: ({ body }: SoakRequest) => ({ amount: body.amount }) })
  transfer(@Body() { amount }: SoakRequest['body']) {
    return { amount };
  }
}
