import type { ChallengeIds } from '../challenge/challenge-id.js';
import type { PurposeRegistry } from '../challenge/purpose.js';
import type { TestNumbers } from '../challenge/test-numbers.js';
import type { CodeLength } from '../code/make-code.js';
import type { DeviceTokens } from '../devices/device-tokens.js';
import type { Deliverer } from '../delivery/deliver.js';
import type { CodeHasher } from '../hashing/code-hasher.js';
import type { Seats } from '../hashing/hash-seats.js';
import type { LimitPolicy } from '../limits/limit-policy.js';
import type { MessageOptions } from '../message/message-options.js';
import type { PhoneReader } from '../phone/read-phone-number.js';
import type { ProofService } from '../proof/proof-service.js';
import type { RiskCheck } from '../risk/assess-risk.js';
import type { ConversionFeedback } from './conversion-feedback.js';
import type { AllowDestination } from './destination.js';
import type { LimitAlerts } from './limit-alerts.js';
import type { SentMessages } from './sent-messages.js';
import type { RecordIndex } from '../secrets/record-index.js';
import type { SecretRing } from '../secrets/secret-ring.js';
import type { OtpStore } from '../stores/otp-store.js';
import type { Clock } from '../telemetry/clock.js';
import type { OtpEvents } from '../telemetry/otp-events.js';

/** What the flows are made of; put together once, at boot. */
export interface OtpParts {
  readonly purposes: PurposeRegistry;
  readonly readPhoneNumber: PhoneReader;
  readonly ring: SecretRing;
  readonly allowDestination: AllowDestination | undefined;
  readonly index: RecordIndex;
  /** The group whose limits an address shares. */
  readonly ipGroup: (ip: string | undefined) => string;
  readonly ids: ChallengeIds;
  readonly testNumbers: TestNumbers;
  readonly makeCode: (digits: CodeLength) => string;
  readonly seats: Seats;
  readonly hasher: CodeHasher;
  readonly limits: LimitPolicy;
  /** With `decoys` every answer is given at hand-over, so that a decoy's is not told apart. */
  readonly risk: { readonly check: RiskCheck; readonly decoys: boolean } | undefined;
  readonly devices: DeviceTokens;
  readonly store: OtpStore;
  /** The words of messages, but for what a challenge knows. */
  readonly message: MessageOptions;
  /** Whether a code that failed to arrive goes by the purpose's next channel at once. */
  readonly resendFailed: boolean;
  readonly deliverer: Deliverer;
  readonly proofs: ProofService;
  readonly events: OtpEvents;
  readonly sentMessages: SentMessages;
  readonly feedback: ConversionFeedback;
  readonly alerts: LimitAlerts;
  readonly clock: Clock;
}
