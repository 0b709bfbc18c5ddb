// #region example
import { defineOtpPurposes } from 'nestjs-sms-otp';

export const purposes = defineOtpPurposes({
  login: { start: 'public' }, // POST /otp/challenges may start it
  second: { start: 'application' }, // the default: only the application's own code starts it
});
// #endregion example
