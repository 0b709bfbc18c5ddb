// #region example
import { DEFAULT_PRICES, type OtpLimitOptions, type PriceTable } from 'nestjs-sms-otp';

const prices: PriceTable = {
  ...DEFAULT_PRICES,
  countries: { ...DEFAULT_PRICES.countries, NL: 0.08, BE: 0.075 }, // your contract's
  channels: { email: { default: 0.0001 }, voice: { default: 0.6, countries: { NL: 0.04 } } },
};

export const limits: OtpLimitOptions = { money: { perDay: 50, prices } };
// #endregion example
