// #region sms
import { vonage } from 'nestjs-sms-otp/transports/vonage';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, signatureSecrets: readonly string[]) =>
  vonage({
    apiKey: 'abcd1234',
    apiSecret: () => secret('vonage-api-secret'),
    from: { default: 'Acme', US: '15005550006' },
    receipts: { signatureSecrets, signatureMethod: 'sha256' },
  });
// #endregion sms

// #region messages
import { vonageMessages } from 'nestjs-sms-otp/transports/vonage-messages';

export const messages = (secret: (name: string) => Promise<string>, signatureSecrets: readonly string[]) =>
  vonageMessages({
    applicationId: '78d335fa-323d-4114-9c3d-d6f0d48968cf',
    privateKey: () => secret('vonage-private-key'),
    from: { default: 'Acme', US: '15005550006' },
    whatsapp: { from: '15005550006', template: { name: 'login_code', language: 'en' } },
    receipts: { signatureSecrets },
  });
// #endregion messages
