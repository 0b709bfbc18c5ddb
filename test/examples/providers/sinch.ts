// #region example
import { sinch } from 'nestjs-sms-otp/transports/sinch';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, webhookSecrets: readonly string[]) =>
  sinch({
    region: 'eu',
    servicePlanId: 'a1b2c3d4e5f6',
    apiToken: () => secret('sinch-api-token'),
    from: { default: 'Acme', US: '+14155550100' },
    receipts: { secrets: webhookSecrets }, // or { tokens }, where Sinch does not sign for the account
  });
// #endregion example
