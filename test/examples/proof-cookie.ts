/** Stands in for an application's own table. */
@Injectable()
export class ReportsService {
  list(subject: string | undefined) {
    return { reports: ['2026'], of: subject };
  }
}

export interface CodeDto {
  readonly challengeId: string;
  readonly code: string;
}

// #region example
import { Body, Controller, Get, Injectable, Post, Res } from '@nestjs/common';
import {
  OtpClient,
  type OtpClientInfo,
  OtpProof,
  OtpService,
  RequireOtp,
  toOtpException,
  type VerifiedOtp,
} from 'nestjs-sms-otp';
import type { Response } from 'express';

@Controller('reports')
export class ReportsController {
  constructor(
    private readonly otp: OtpService,
    private readonly reports: ReportsService,
  ) {}

  @Post('unlock')
  async unlock(
    @Body() { challengeId, code }: CodeDto,
    @OtpClient() client: OtpClientInfo,
    @Res({ passthrough: true }) response: Response,
  ) {
    const result = await this.otp.verify({ purpose: 'second', challengeId, code, client });
    if (result.outcome !== 'verified') {
      throw toOtpException(result);
    }
    response.cookie('__Host-reports', result.proof, {
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
      expires: new Date(result.expiresAt),
    });
  }

  @Get()
  @RequireOtp('second', { mode: 'proof', cookie: '__Host-reports' })
  list(@OtpProof() proof: VerifiedOtp) {
    return this.reports.list(proof.subject);
  }
}
// #endregion example
