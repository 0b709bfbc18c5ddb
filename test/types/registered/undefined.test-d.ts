import type {
  ChallengeOptions,
  HttpsTransportOptions,
  IssueOptions,
  JsonReceiptOptions,
  OtpDeliveryOptions,
  OtpDestinationOptions,
  OtpLimitOptions,
  OtpMessageOptions,
  OtpOptions,
  OtpProofOptions,
  OtpPurposeDefinition,
  OtpRiskOptions,
  OtpTestNumbers,
  Receipt,
  ReceiptReader,
  ResendOptions,
  SendFailure,
  VerifyOptions,
} from 'nestjs-sms-otp';
import type { AwsOptions } from 'nestjs-sms-otp/transports/aws';
import type { EsendexOptions } from 'nestjs-sms-otp/transports/esendex';
import type { InfobipOptions } from 'nestjs-sms-otp/transports/infobip';
import type { MessagebirdOptions } from 'nestjs-sms-otp/transports/messagebird';
import type { PlivoOptions } from 'nestjs-sms-otp/transports/plivo';
import type { SinchOptions } from 'nestjs-sms-otp/transports/sinch';
import type { SmstoolsOptions } from 'nestjs-sms-otp/transports/smstools';
import type { TwilioOptions } from 'nestjs-sms-otp/transports/twilio';
import type { VonageOptions } from 'nestjs-sms-otp/transports/vonage';
import type { VonageMessagesOptions } from 'nestjs-sms-otp/transports/vonage-messages';
import { expectTypeOf, it } from 'vitest';
import './otp-register.js';

/** Optional members that cannot be given as `undefined`. */
type Refusing<T> = {
  [K in keyof T]-?: object extends Pick<T, K> ? (Record<K, undefined> extends Pick<T, K> ? never : K) : never;
}[keyof T];

interface Strict {
  readonly refuses?: string;
  readonly takes?: string | undefined;
}

it('every option that may be left out may be undefined, as configuration often has it', () => {
  expectTypeOf<Refusing<Strict>>().toEqualTypeOf<'refuses'>();
  expectTypeOf<Refusing<OtpOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpDeliveryOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpDestinationOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpLimitOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpMessageOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpProofOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpPurposeDefinition>>().toBeNever();
  expectTypeOf<Refusing<OtpRiskOptions>>().toBeNever();
  expectTypeOf<Refusing<OtpTestNumbers>>().toBeNever();
  expectTypeOf<Refusing<ChallengeOptions>>().toBeNever();
  expectTypeOf<Refusing<IssueOptions<'login'>>>().toBeNever();
  expectTypeOf<Refusing<ResendOptions>>().toBeNever();
  expectTypeOf<Refusing<VerifyOptions<'login'>>>().toBeNever();
});

it('so it is for transports, readers and what they answer', () => {
  expectTypeOf<Refusing<AwsOptions>>().toBeNever();
  expectTypeOf<Refusing<EsendexOptions>>().toBeNever();
  expectTypeOf<Refusing<HttpsTransportOptions>>().toBeNever();
  expectTypeOf<Refusing<InfobipOptions>>().toBeNever();
  expectTypeOf<Refusing<JsonReceiptOptions>>().toBeNever();
  expectTypeOf<Refusing<MessagebirdOptions>>().toBeNever();
  expectTypeOf<Refusing<PlivoOptions>>().toBeNever();
  expectTypeOf<Refusing<Receipt>>().toBeNever();
  expectTypeOf<Refusing<ReceiptReader>>().toBeNever();
  expectTypeOf<Refusing<SendFailure>>().toBeNever();
  expectTypeOf<Refusing<SinchOptions>>().toBeNever();
  expectTypeOf<Refusing<SmstoolsOptions>>().toBeNever();
  expectTypeOf<Refusing<TwilioOptions>>().toBeNever();
  expectTypeOf<Refusing<VonageMessagesOptions>>().toBeNever();
  expectTypeOf<Refusing<VonageOptions>>().toBeNever();
});
