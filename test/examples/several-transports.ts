import type { OtpOptions, SmsTransport } from 'nestjs-sms-otp';

type DeliveryPart = Required<Pick<OtpOptions, 'transports' | 'sendTimeoutSeconds' | 'delivery'>>;

export const deliveryBy = (acme: SmsTransport, other: SmsTransport, calls: SmsTransport): DeliveryPart =>
  // #region example
  ({
    transports: [acme, other, calls], // named 'acme', 'other' and 'calls'
    sendTimeoutSeconds: 8, // each
    delivery: {
      order: [
        { countries: ['NL', 'BE'], channels: ['sms'], transports: ['other', 'acme'] }, // the first entry that fits counts
        { channels: ['voice'], transports: ['calls'] },
      ],
      totalTimeoutSeconds: 20, // all together
      circuitBreaker: { failures: 5, openSeconds: 30 },
      afterUnknownOutcome: 'stop',
    },
  });
// #endregion example
