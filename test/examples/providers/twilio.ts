// #region example
import { twilio } from 'nestjs-sms-otp/transports/twilio';

/** `secret` reads a secret as it is now; the API key is one text, `SK…:secret`. */
export const sms = (secret: (name: string) => Promise<string>, authTokens: readonly string[]) =>
  twilio({
    accountSid: 'AC00112233445566778899aabbccddeeff',
    apiKey: () => secret('twilio-api-key'),
    from: { default: '+15005550006', GB: 'Acme' },
    riskCheck: 'enable',
    feedback: true,
    voice: { from: '+15005550006' },
    receipts: { authTokens },
  });
// #endregion example
