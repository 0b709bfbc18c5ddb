import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { httpsTransport, OtpEvents, OtpModule } from 'nestjs-sms-otp';
import { twilio } from 'nestjs-sms-otp/transports/twilio';
import { purposes } from './purposes.js';

const env = (name: string) => process.env[name] ?? '';

// #region options
export const otp = OtpModule.forRoot({
  serviceName: 'Acme',
  secrets: [env('OTP_SECRET')],
  publicUrl: 'https://api.acme.com', // with the global prefix, where there is one
  purposes,
  transports: [
    twilio({
      accountSid: env('TWILIO_ACCOUNT_SID'),
      apiKey: env('TWILIO_API_KEY'),
      from: 'Acme',
      receipts: { authTokens: [env('TWILIO_AUTH_TOKEN')] },
    }),
    httpsTransport({
      name: 'acme-sms',
      url: 'https://sms.example.com/v1/messages',
      body: ({ to, text }) => ({ to, text }),
      messageId: (answer) => Reflect.get(Object(answer), 'id'), // the one that its reports name
      receipts: signedReceipts(env('ACME_SMS_WEBHOOK_SECRET')),
    }),
  ],
});
// #endregion options

// #region reader
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Receipt, ReceiptReader } from 'nestjs-sms-otp';

/** Of a provider that sends JSON and signs the raw body with a time in front of it. */
export function signedReceipts(secret: string): ReceiptReader {
  return {
    methods: ['POST'],
    contentTypes: ['application/json'],
    answer: { status: 204 },
    read: ({ headers, body, now }) => {
      const { 'x-time': time = '', 'x-signature': signature = '' } = headers;
      const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
      const given = Buffer.from(signature, 'hex');
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        return { outcome: 'forged' };
      }
      if (!(Math.abs(now / 1000 - Number(time)) <= 300)) {
        return { outcome: 'stale' };
      }
      const { id, status, code }: Record<string, string> = JSON.parse(body.toString('utf8'));
      const state = STATES.get(status);
      return { outcome: 'read', receipts: state && id ? [{ messageId: id, state, detail: `code ${code}` }] : [] };
    },
  };
}

/** Other words tell of progress only, and are no receipt. */
const STATES = new Map<string | undefined, Receipt['state']>([
  ['SENT', 'sent'],
  ['DELIVERED', 'delivered'],
  ['EXPIRED', 'failed'],
]);
// #endregion reader

// #region events
@Injectable()
export class DeliveryRate implements OnModuleInit {
  readonly counts = { delivered: 0, failed: 0 };

  constructor(private readonly events: OtpEvents) {}

  onModuleInit(): void {
    this.events.on('delivery.reported', ({ state }) => {
      if (state !== 'sent') {
        this.counts[state] += 1;
      }
    });
  }
}
// #endregion events

@Module({ imports: [otp], providers: [DeliveryRate] })
export class AppModule {}
