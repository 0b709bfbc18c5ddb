import { defineOtpPurposes, type OtpDeliveryOptions } from 'nestjs-sms-otp';

// #region example
export const purposes = defineOtpPurposes({
  // A person may ask for a call instead; a code that failed to arrive goes by a call unasked.
  login: { start: 'public', channels: ['sms', 'voice'] },
  // SMS alone, which is the default.
  payout: { ttlSeconds: 180 },
});

export const delivery: OtpDeliveryOptions = { resendFailed: true };
// #endregion example
