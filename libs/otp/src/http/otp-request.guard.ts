import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { header, type HttpRequest } from './http-request.js';
import { OtpException } from './otp.exception.js';
import type { OtpHttp } from './otp-http.js';
import { OTP_HTTP } from './otp-tokens.js';
import { provenanceOf } from './same-site.js';

const MAX_BODY_BYTES = 4096;

/** What every request to the built-in routes must be: from a page that may send it, small, and JSON where it has a body. */
@Injectable()
export class OtpRequestGuard implements CanActivate {
  constructor(@Inject(OTP_HTTP) private readonly http: OtpHttp) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    this.checkOrigin(request);
    this.checkBody(request);
    return true;
  }

  /** Clients that are no browser carry no victim's cookies. */
  private checkOrigin(request: HttpRequest): void {
    if (provenanceOf(request, this.http.allowedOrigins) === 'foreign') {
      throw new OtpException('forbidden');
    }
  }

  private checkBody(request: HttpRequest): void {
    const length = header(request, 'content-length');
    const hasBody = request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
    if (!hasBody) {
      return;
    }
    // Parsed before any guard runs, so a body that does not tell its size can no longer be measured.
    if (length === undefined) {
      throw new OtpException('payload_too_large', { detail: 'The size of the body must be told (Content-Length).' });
    }
    if (Number(length) > MAX_BODY_BYTES) {
      throw new OtpException('payload_too_large', { detail: `At most ${MAX_BODY_BYTES} bytes are read.` });
    }
    const encoding = header(request, 'content-encoding');
    const type = header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
    if ((encoding !== undefined && encoding !== 'identity') || type !== 'application/json') {
      throw new OtpException('unsupported_media_type');
    }
  }
}
