import { defineOtpPurposes } from 'nestjs-sms-otp';

export const purposes = defineOtpPurposes({ login: { start: 'public' } });
