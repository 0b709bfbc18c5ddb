export { OtpModule } from './otp.module.js';
export type { OtpModuleExtras } from './otp.module-definition.js';
export type { OtpDestinationOptions, OtpLimitOptions, OtpOptions, OtpProofOptions } from './otp.options.js';
export type { AllowDestination, OtpDestination } from './flows/destination.js';
export { OtpOptionsError } from './otp.resolved-options.js';
export { OtpService } from './otp.service.js';
export type {
  ChallengeOptions,
  CheckProofOptions,
  IssueOptions,
  ResendOptions,
  VerifyOptions,
} from './otp.service-options.js';
export type { ProofCaller } from './flows/check-proof.flow.js';
export type {
  AttemptsExhausted,
  Busy,
  CancelResult,
  ChallengeGone,
  DeliveryFailed,
  IdempotencyConflict,
  InvalidBinding,
  InvalidChannel,
  IssueResult,
  OtpClientInfo,
  OtpClientOption,
  ProofCheckResult,
  ProofChecked,
  ProofRefused,
  ResendResult,
  StatusResult,
  StoreUnavailable,
  Throttled,
  Verified,
  VerifyResult,
} from './flows/results.js';
export type { ChallengeStatusView, ChallengeView } from './challenge/challenge-view.js';
export {
  type BindingSchema,
  defineOtpPurposes,
  type OtpBindingInput,
  type OtpBindingNeeded,
  type OtpPurposeDefinition,
  type OtpPurposeName,
  type OtpPurposes,
  type OtpRegister,
  type Purpose,
} from './challenge/purpose.js';
export type { BindingDetails, DisplayedBinding, MessageFacts, MessageTemplate } from './message/message-template.js';
export type { OtpMessageOptions } from './message/message-options.js';
export { countSegments, type SegmentCount } from './message/segments.js';
export type { OtpTestNumbers } from './challenge/test-numbers.js';
export type { Transaction } from './challenge/transaction.js';
export type { CodeLength } from './code/make-code.js';

export type { ForwardedHeader } from './http/client-ip.js';
export type {
  EraseOptions,
  EraseResult,
  LimitStatus,
  NoteRefused,
  NumberRefused,
  NumberStatus,
  NumberStatusResult,
  RevokeDevicesOptions,
  RevokeDevicesResult,
  RevokeProofsOptions,
  RevokeProofsResult,
  UnlockOptions,
  UnlockResult,
} from './admin/admin-results.js';
export { OtpAdmin } from './admin/otp-admin.js';
export { type HealthReport, OtpHealth } from './admin/otp-health.js';

export { OtpClient } from './http/otp-client.decorator.js';
export { OtpDeviceCookie } from './http/otp-device-cookie.js';
export { describeOtp, type OpenApiDocument } from './http/openapi/describe-otp.js';
export { OtpException, type OtpRefusal, toOtpException } from './http/otp.exception.js';
export { OtpProblemFilter } from './http/otp-problem.filter.js';
export type { OtpRoutesOptions, VerifiedBody } from './http/otp.controller.js';
export type { HttpRequest } from './http/http-request.js';
export type { OtpProblem, OtpProblemCode, ProblemError, ProblemExtras } from './http/problem.js';
export type { Credentials, GuardedCall } from './http/guard/guarded-call.js';
export type { EnteredCode } from './http/guard/call-reader.js';
export { type GuardedStep, OtpGuard } from './http/guard/otp.guard.js';
export type { OtpCaller, OtpCallerIdentity } from './http/guard/otp-caller.js';
export { OtpThrottle } from './http/throttle/otp-throttle.decorator.js';
export { OtpThrottleGuard } from './http/throttle/otp-throttle.guard.js';
export type { OtpThrottleLimit } from './http/throttle/otp-throttle-limit.js';
export type { OtpRequest } from './http/guard/otp-request.js';
export type { OtpRequirement, RequireOtpOptions } from './http/guard/otp-requirement.js';
export { RequireOtp } from './http/guard/require-otp.decorator.js';
export { SkipOtp } from './http/guard/skip-otp.decorator.js';
export { OtpProof, VerifiedPhone } from './http/guard/verified-call.js';
export { rememberConnection } from './http/guard/ws-call.js';
export type { VerifiedOtp } from './proof/proof-claims.js';
export type { OtpProofKey, OtpPublicKey, OtpPublicKeys } from './proof/proof-key-pair.js';

export { argon2id, type Argon2idOptions } from './hashing/argon2id.hasher.js';
export type { Argon2EngineName } from './hashing/argon2-engines.js';
export type { CodeHasher } from './hashing/code-hasher.js';
export type { SeatLoad } from './hashing/hash-seats.js';
export { hmacSha256 } from './hashing/hmac.hasher.js';

export { memoryStore, type MemoryStoreOptions } from './stores/memory/index.js';
export type {
  Answered,
  Budget,
  Charge,
  ChallengeRef,
  ChallengeStore,
  Clearable,
  Cooldown,
  DeliveryState,
  DistinctLimit,
  FailureLimit,
  KnownRule,
  Lane,
  LimitRefusal,
  LimitRequest,
  LimitsCounted,
  LimitsTaken,
  LimitStore,
  LimitUse,
  LogCharge,
  LogLane,
  LogName,
  LogRequest,
  MarkStore,
  NewChallenge,
  NextCode,
  NoSuchLane,
  NumberState,
  OtpStore,
  RecordKey,
  RecordKind,
  RememberedDevice,
  Replacement,
  Reservation,
  StoredChallenge,
  TallyCharge,
  TallyName,
  TallyRequest,
  WindowLimit,
  WindowUse,
} from './stores/otp-store.js';
export { HISTORY, SPANS, StoreFullError, StoreUnavailableError } from './stores/otp-store.js';

export type {
  AllLimitSettings,
  BudgetSetting,
  IpLimitSettings,
  KnownNumberSettings,
  LaneLimitSettings,
  LimitSettings,
  MoneySettings,
  NumberLimitSettings,
  SharedLimitSettings,
  TrustedLimitSettings,
  WindowSetting,
  YoungSetting,
} from './limits/limit-settings.js';
export { DEFAULT_LIMITS } from './limits/limit-settings.js';
export { type CountryPrices, DEFAULT_PRICES, type PriceTable } from './limits/prices.js';
export type { OtpRiskOptions, RiskAssessor, RiskRequest, RiskVerdict } from './risk/risk-assessor.js';

export type { Channel } from './phone/channel.js';
export type { CircuitBreakerOptions, DeliveryOrder, OtpDeliveryOptions } from './delivery/delivery-options.js';
export type {
  OutgoingMessage,
  SendFailure,
  SendFailureReason,
  SendOptions,
  SendResult,
  SmsTransport,
} from './delivery/sms-transport.js';
export type {
  Receipt,
  ReceiptAnswer,
  ReceiptOptions,
  ReceiptReader,
  ReceiptReading,
  ReceiptRequest,
} from './delivery/receipts/receipt-reader.js';
export { consoleTransport } from './delivery/transports/console.transport.js';
export { httpsTransport, type HttpsTransportOptions } from './delivery/transports/https.transport.js';
export { type HmacSignature, jsonReceipts, type JsonReceiptOptions } from './delivery/receipts/json-receipts.js';

export { maskPhoneNumber } from './phone/mask-phone-number.js';

export type { Clock } from './telemetry/clock.js';
export { OtpEvents, type OtpEventHandler } from './telemetry/otp-events.js';
export type {
  AnswerRefusal,
  EventBase,
  EventChallenge,
  EventLane,
  EventNumber,
  OtpEvent,
  OtpEventMap,
  OtpEventType,
  ProofRefusal,
  SendRefusal,
} from './telemetry/event-types.js';
