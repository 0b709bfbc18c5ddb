// #region example
import { smstools } from 'nestjs-sms-otp/transports/smstools';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, webhookSecrets: readonly string[]) =>
  smstools({
    clientId: () => secret('smstools-client-id'),
    clientSecret: () => secret('smstools-client-secret'),
    sender: { default: 'Acme', US: '14155550100' },
    receipts: { secrets: webhookSecrets },
  });
// #endregion example
