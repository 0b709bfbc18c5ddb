import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeOtp } from 'nestjs-sms-otp';

// #region serve
/** `GET /openapi.json`: no page for people, whose scripts the demo's security headers would refuse. */
export function serveOpenApi(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Tern Bank')
    .setDescription('A protected login with nestjs-sms-otp.')
    .setVersion('0.1.0')
    .addCookieAuth('session', { type: 'apiKey', in: 'cookie', description: 'Over HTTPS `__Host-session`.' }, 'session')
    .build();
  const document = describeOtp(SwaggerModule.createDocument(app, config));
  SwaggerModule.setup('openapi', app, document, { ui: false, raw: ['json'], jsonDocumentUrl: 'openapi.json' });
}
// #endregion serve
