// #region example
import { plivo } from 'nestjs-sms-otp/transports/plivo';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (
  secret: (name: string) => Promise<string>,
  receipts: { readonly authTokens: readonly string[]; readonly tokens: readonly string[] },
) =>
  plivo({
    authId: 'SAXXXXXXXXXXXXXXXXXX', // a subaccount's
    authToken: () => secret('plivo-auth-token'),
    src: { default: 'Acme', US: '14155550100' },
    receipts,
  });
// #endregion example
