import type { OtpTestNumbers } from 'nestjs-sms-otp';

// #region example
/** For end-to-end tests in staging, and for the person who reviews the app for a store. */
export const testNumbers: OtpTestNumbers = {
  codes: { '+31612345678': '424242', '+447400123456': '171717' },
  expires: '2027-03-31',
};
// #endregion example
