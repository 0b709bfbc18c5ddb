export { OtpModule } from './otp.module.js';
export type { OtpModuleExtras } from './otp.module-definition.js';
export type { OtpDestinationOptions, OtpLimitOptions, OtpOptions, OtpProofOptions } from './otp.options.js';
export type { AllowDestination, OtpDestination } from './flows/destination.js';
export { OtpOptionsError } from './otp.resolved-options.js';
export {
  type ChallengeOptions,
  type IssueOptions,
  OtpService,
  type ResendOptions,
  type VerifyOptions,
} from './otp.service.js';
export type {
  AttemptsExhausted,
  Busy,
  CancelResult,
  ChallengeGone,
  DeliveryFailed,
  IdempotencyConflict,
  IssueResult,
  OtpClientInfo,
  OtpClientOption,
  ResendResult,
  StatusResult,
  StoreUnavailable,
  Throttled,
  Verified,
  VerifyResult,
} from './flows/results.js';
export type { ChallengeStatusView, ChallengeView } from './challenge/challenge-view.js';
export {
  defineOtpPurposes,
  type OtpPurposeDefinition,
  type OtpPurposeName,
  type OtpPurposes,
  type OtpRegister,
} from './challenge/purpose.js';
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
export type { OtpCaller, OtpCallerIdentity } from './http/otp-caller.js';
export { OtpException, type OtpRefusal, toOtpException } from './http/otp.exception.js';
export { OtpGuard } from './http/otp.guard.js';
export { OtpProblemFilter } from './http/otp-problem.filter.js';
export type { OtpRoutesOptions, VerifiedBody } from './http/otp.controller.js';
export type { OtpProblem, OtpProblemCode, ProblemError } from './http/problem.js';
export { RequireOtp, type RequireOtpOptions } from './http/require-otp.decorator.js';
export { VerifiedPhone } from './http/verified-request.js';
export type { VerifiedOtp } from './proof/proof-service.js';

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
export type { OutgoingMessage, SendFailureReason, SendResult, SmsTransport } from './delivery/sms-transport.js';
export { consoleTransport } from './delivery/transports/console.transport.js';
export { httpsTransport, type HttpsTransportOptions } from './delivery/transports/https.transport.js';

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
