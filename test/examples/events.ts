import { Injectable, Module } from '@nestjs/common';
import { OtpModule } from 'nestjs-sms-otp';
import { purposes } from './purposes.js';

@Injectable()
export class AuditLog {
  readonly lines: string[] = [];

  async write(event: object): Promise<void> {
    this.lines.push(JSON.stringify(event));
  }
}

// #region example
import type { OnModuleInit } from '@nestjs/common';
import { OtpEvents } from 'nestjs-sms-otp';

@Injectable()
export class OtpAudit implements OnModuleInit {
  constructor(
    private readonly events: OtpEvents,
    private readonly audit: AuditLog,
  ) {}

  onModuleInit(): void {
    this.events.on('challenge.refused', (event) => this.audit.write(event));
    this.events.on('answer.refused', ({ reason, clientNetwork }) => this.audit.write({ reason, clientNetwork }));
    this.events.on('*', ({ type, time }) => this.audit.write({ type, time }));
  }
}
// #endregion example

@Module({
  imports: [OtpModule.forRoot({ serviceName: 'Acme', secrets: [process.env['OTP_SECRET'] ?? ''], purposes })],
  providers: [AuditLog, OtpAudit],
})
export class AppModule {}
