/** Injection tokens of what the HTTP layer asks for. */
export const OTP_PARTS = Symbol('nestjs-sms-otp/parts');
export const OTP_HTTP = Symbol('nestjs-sms-otp/http');
export const OTP_CALLER = Symbol('nestjs-sms-otp/caller');
