/** Injection tokens of the replaceable pieces. */
export const OTP_OPTIONS = Symbol('nestjs-sms-otp/options');
export const OTP_STORE = Symbol('nestjs-sms-otp/store');
export const OTP_TRANSPORTS = Symbol('nestjs-sms-otp/transports');
export const OTP_HASHER = Symbol('nestjs-sms-otp/hasher');
export const OTP_CLOCK = Symbol('nestjs-sms-otp/clock');
