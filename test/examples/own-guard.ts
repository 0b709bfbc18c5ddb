import { type ExecutionContext } from '@nestjs/common';

/** Stands in for an application's own table. */
@Injectable()
export class TrustedNetworks {
  readonly offices = new Set(['192.0.2.7']);

  has(ip: string | undefined): boolean {
    return ip !== undefined && this.offices.has(ip);
  }
}

// #region example
import { Injectable } from '@nestjs/common';
import { type GuardedCall, OtpGuard, type OtpRequirement } from 'nestjs-sms-otp';

@Injectable()
export class AppOtpGuard extends OtpGuard {
  /** Nobody is asked for a code in our own offices. */
  protected override async isSkipped(requirement: OtpRequirement, call: GuardedCall, context: ExecutionContext) {
    const networks = this.moduleRef.get(TrustedNetworks, { strict: false });
    return networks.has(this.getClient(call).ip) || super.isSkipped(requirement, call, context);
  }
}

// OtpModule.forRoot({ …, guard: AppOtpGuard })
// #endregion example
