/** What `@RequireOtp` leaves for the guard. */
export interface OtpRequirement {
  readonly purpose: string;
  readonly mode: 'proof';
  readonly singleUse?: boolean;
  readonly maxAgeSeconds?: number;
}

export const OTP_REQUIREMENT = 'nestjs-sms-otp:requirement';
