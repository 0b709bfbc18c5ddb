// #region example
import { messagebird } from 'nestjs-sms-otp/transports/messagebird';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, signingKeys: readonly string[]) =>
  messagebird({
    accessKey: () => secret('messagebird-access-key'),
    originator: { default: 'Acme', US: '14155550100' },
    receipts: { signingKeys },
  });
// #endregion example
