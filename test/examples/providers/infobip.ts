// #region example
import { infobip } from 'nestjs-sms-otp/transports/infobip';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, receiptTokens: readonly string[]) =>
  infobip({
    baseUrl: 'https://abc123.api.infobip.com', // the account's own, from the portal
    apiKey: () => secret('infobip-api-key'),
    sender: { default: 'Acme', US: '14155550100' },
    receipts: { tokens: receiptTokens },
  });
// #endregion example
