import { Logger } from '@nestjs/common';
import { ChallengeIds } from './challenge/challenge-id.js';
import { TestNumbers } from './challenge/test-numbers.js';
import { createCodeMaker } from './code/make-code.js';
import { Deliverer } from './delivery/deliver.js';
import { receiptUrl } from './delivery/receipts/receipt-url.js';
import type { SmsTransport } from './delivery/sms-transport.js';
import { DeviceTokens } from './devices/device-tokens.js';
import { circuitAlerts } from './flows/circuit-alerts.js';
import { ConversionFeedback } from './flows/conversion-feedback.js';
import { LimitAlerts } from './flows/limit-alerts.js';
import type { OtpParts } from './flows/otp-parts.js';
import { SentMessages } from './flows/sent-messages.js';
import type { CodeHasher } from './hashing/code-hasher.js';
import { freeSeats, HashSeats } from './hashing/hash-seats.js';
import { ipGroup } from './limits/ip-group.js';
import { LimitPolicy } from './limits/limit-policy.js';
import { bootProblems, bootWarnings } from './otp.boot-checks.js';
import { OtpOptionsError, type ResolvedOtpOptions } from './otp.resolved-options.js';
import { createPhoneReader } from './phone/read-phone-number.js';
import { publishedProofKeys, secretProofKeys } from './proof/proof-keys.js';
import { ProofService } from './proof/proof-service.js';
import { createRiskCheck } from './risk/assess-risk.js';
import { RecordIndex } from './secrets/record-index.js';
import { SecretRing } from './secrets/secret-ring.js';
import type { OtpStore } from './stores/otp-store.js';
import type { Clock } from './telemetry/clock.js';
import { logEvents } from './telemetry/event-log.js';
import type { OtpEvents } from './telemetry/otp-events.js';

export interface PartsSources {
  readonly options: ResolvedOtpOptions;
  /** Path of the built-in routes without slashes at its ends; `undefined` when there are none. */
  readonly routesPath: string | undefined;
  readonly store: OtpStore;
  readonly transports: readonly SmsTransport[];
  readonly hasher: CodeHasher;
  readonly clock: Clock;
  readonly events: OtpEvents;
}

/** The mark under which a store remembers which index secret its counters were named with. */
const FINGERPRINT_MARK = 'index-secret';
const FINGERPRINT_TTL_SECONDS = 400 * 86_400;

/** Puts the parts together, connects the store and loads the hasher, so that what is injected is ready. */
export async function assembleParts({
  options,
  routesPath,
  store,
  transports,
  hasher,
  clock,
  events,
}: PartsSources): Promise<OtpParts> {
  const logger = new Logger('OtpModule');
  const { namespace } = store;
  const ring = new SecretRing(options.secrets, namespace);
  const index = new RecordIndex(options.indexSecret, namespace);

  const readPhoneNumber = createPhoneReader(options.countries === undefined ? {} : { countries: options.countries });
  const problems = bootProblems({ options, transports, readPhoneNumber });
  if (problems.length > 0) {
    throw new OtpOptionsError(problems);
  }

  await hasher.prepare();
  for (const warning of [
    ...(await store.connect()),
    ...bootWarnings({ options, routesPath, store, now: clock.now() }),
  ]) {
    logger.warn(warning);
  }
  await checkIndexSecret(store, index);
  logEvents(events);
  logger.log(`Codes are hashed by ${hasher.name} and kept in the ${store.name} store '${namespace}'`);

  const ids = new ChallengeIds(ring);
  const sentMessages = new SentMessages({ transports, ring, index, ids, marks: store.marks });

  return {
    purposes: options.purposes,
    readPhoneNumber,
    allowDestination: options.allowDestination,
    ring,
    index,
    ipGroup: (ip) => ipGroup(ip, { ipv6Prefix: options.limits.ip.ipv6Prefix }),
    ids,
    testNumbers: new TestNumbers(options.testNumbers, { index, readPhoneNumber, clock }),
    makeCode: createCodeMaker(),
    seats: hasher.occupiesThread ? new HashSeats() : freeSeats,
    hasher,
    limits: new LimitPolicy(options.limits, index, { decoys: options.risk?.decoys ?? false }),
    risk: options.risk && { check: createRiskCheck(options.risk), decoys: options.risk.decoys ?? false },
    devices: new DeviceTokens(ring, clock),
    store,
    message: {
      ...options.messages,
      serviceName: options.serviceName,
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    },
    resendFailed: options.delivery.resendFailed ?? false,
    deliverer: new Deliverer({
      transports,
      sendTimeoutSeconds: options.sendTimeoutSeconds,
      options: options.delivery,
      receiptUrlOf: (transport) => receiptUrl({ publicUrl: options.publicUrl, routesPath }, transport),
      onCircuit: circuitAlerts(events),
      clock,
    }),
    proofs: new ProofService({
      keys: options.proofKeys === undefined ? secretProofKeys(ring) : publishedProofKeys(options.proofKeys),
      namespace,
      issuer: options.publicUrl ?? namespace,
      ttlSeconds: options.proofTtlSeconds,
      clockToleranceSeconds: options.proofClockToleranceSeconds,
      clock,
    }),
    events,
    sentMessages,
    feedback: new ConversionFeedback({ transports, sentMessages, events }),
    alerts: new LimitAlerts(events, clock),
    clock,
  };
}

/** With another index secret every number would start with fresh counters, so the start is refused instead. */
async function checkIndexSecret({ marks, namespace }: OtpStore, { fingerprint }: RecordIndex): Promise<void> {
  const known = await marks.putIfAbsent(FINGERPRINT_MARK, fingerprint, FINGERPRINT_TTL_SECONDS);
  if (known !== undefined && known !== fingerprint) {
    throw new OtpOptionsError([
      `indexSecret: is not the one that the counters of namespace '${namespace}' were named with; ` +
        'give the former one (where none was set: the secret that was the only one then), or take another namespace',
    ]);
  }
  if (known !== undefined) {
    // Written anew at every start, so that it does not expire while the application is in use. It waits for no replicas: where
    // they are missing the application starts all the same.
    await marks.put(FINGERPRINT_MARK, fingerprint, FINGERPRINT_TTL_SECONDS);
  }
}
