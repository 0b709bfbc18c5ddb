import { OtpModule } from 'nestjs-sms-otp';
import { purposes } from './purposes.js';

// #region example
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  TerminusModule,
  type HealthCheckResult,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { OtpHealth } from 'nestjs-sms-otp';

@Injectable()
export class OtpHealthIndicator {
  constructor(
    private readonly health: OtpHealth,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async isHealthy(key: string): Promise<HealthIndicatorResult> {
    const { status, ...details } = await this.health.check();
    const indicator = this.indicators.check(key);
    switch (status) {
      case 'up':
        return indicator.up(details);
      case 'degraded':
        return indicator.degraded(details); // 200: it still serves
      case 'down':
        return indicator.down(details); // 503
    }
  }
}

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly otp: OtpHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check(): Promise<HealthCheckResult> {
    return this.health.check([() => this.otp.isHealthy('otp')]);
  }
}

@Module({ imports: [TerminusModule], controllers: [HealthController], providers: [OtpHealthIndicator] })
export class HealthModule {}
// #endregion example

@Module({
  imports: [
    OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes }),
    HealthModule,
  ],
})
export class AppModule {}
