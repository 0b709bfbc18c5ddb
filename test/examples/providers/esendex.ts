// #region example
import { esendex } from 'nestjs-sms-otp/transports/esendex';

/** `secret` reads a secret as it is now: from a vault, or from a mounted file. */
export const sms = (secret: (name: string) => Promise<string>, tokens: readonly string[]) =>
  esendex({
    email: 'otp@acme.com',
    password: () => secret('esendex-api-password'),
    accountReference: 'EX0000000',
    from: 'Acme',
    voice: true,
    receipts: { tokens }, // needs the package fast-xml-parser
  });
// #endregion example
