import { PurposeRegistry } from './challenge/purpose.js';
import type { OtpTestNumbers } from './challenge/test-numbers.js';
import type { OtpDeliveryOptions } from './delivery/delivery-options.js';
import type { SmsTransport } from './delivery/sms-transport.js';
import { consoleTransport } from './delivery/transports/console.transport.js';
import type { AllowDestination } from './flows/destination.js';
import { argon2id } from './hashing/argon2id.hasher.js';
import type { CodeHasher } from './hashing/code-hasher.js';
import type { ForwardedHeader } from './http/client-ip.js';
import { DEFAULT_LIMITS, type LimitSettings } from './limits/limit-settings.js';
import type { OtpMessageOptions } from './message/message-options.js';
import type { OtpOptions } from './otp.options.js';
import { OPTIONS_SCHEMA, problemsOf } from './otp.options-schema.js';
import type { OtpProofKey } from './proof/proof-key-pair.js';
import type { OtpRiskOptions } from './risk/risk-assessor.js';
import { memoryStore } from './stores/memory/index.js';
import type { OtpStore } from './stores/otp-store.js';

/** The options are wrong. The message has a line for each mistake: option, problem, mend. */
export class OtpOptionsError extends Error {
  override readonly name = 'OtpOptionsError';

  constructor(readonly problems: readonly string[]) {
    super(`OtpModule cannot start:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/** The options with every default filled in. */
export interface ResolvedOtpOptions {
  readonly serviceName: string;
  readonly origin: string | undefined;
  readonly publicUrl: string | undefined;
  readonly secrets: readonly string[];
  readonly indexSecret: string;
  readonly purposes: PurposeRegistry;
  readonly store: OtpStore;
  readonly transports: readonly SmsTransport[];
  readonly sendTimeoutSeconds: number;
  readonly delivery: OtpDeliveryOptions;
  readonly messages: OtpMessageOptions;
  readonly testNumbers: OtpTestNumbers | undefined;
  readonly countries: readonly string[] | undefined;
  readonly allowDestination: AllowDestination | undefined;
  readonly limits: LimitSettings;
  readonly risk: OtpRiskOptions | undefined;
  readonly hashing: CodeHasher;
  readonly proofTtlSeconds: number;
  readonly proofKeys: readonly OtpProofKey[] | undefined;
  readonly proofClockToleranceSeconds: number;
  readonly trustedProxies: readonly string[];
  readonly forwardedHeader: ForwardedHeader;
  readonly allowedOrigins: readonly string[];
  readonly production: boolean;
}

/** @throws OtpOptionsError */
export function resolveOptions(options: OtpOptions): ResolvedOtpOptions {
  const parsed = OPTIONS_SCHEMA.safeParse(options);
  const production = isProduction(options);
  const problems = [...(parsed.success ? [] : problemsOf(parsed.error)), ...problemsTogether(options, production)];
  const [firstSecret] = parsed.success ? options.secrets : [];
  if (problems.length > 0 || firstSecret === undefined) {
    throw new OtpOptionsError(problems);
  }
  return {
    serviceName: options.serviceName,
    origin: options.origin,
    publicUrl: options.publicUrl,
    secrets: options.secrets,
    indexSecret: options.indexSecret ?? firstSecret,
    purposes: new PurposeRegistry(options.purposes),
    store: options.store ?? memoryStore(),
    transports: options.transports ?? [consoleTransport()],
    sendTimeoutSeconds: options.sendTimeoutSeconds ?? 10,
    delivery: options.delivery ?? {},
    messages: options.messages ?? {},
    testNumbers: options.testNumbers,
    countries: options.destinations?.countries,
    allowDestination: options.destinations?.allow,
    limits: resolveLimits(options),
    risk: options.risk,
    hashing: options.hashing ?? argon2id(),
    proofTtlSeconds: options.proofs?.ttlSeconds ?? 600,
    proofKeys: options.proofs?.keys,
    proofClockToleranceSeconds: options.proofs?.clockToleranceSeconds ?? 5,
    trustedProxies: options.trustedProxies ?? [],
    forwardedHeader: options.forwardedHeader ?? 'x-forwarded-for',
    allowedOrigins: options.allowedOrigins ?? [],
    production,
  };
}

function resolveLimits({ limits: given = {} }: OtpOptions): LimitSettings {
  const defaults = DEFAULT_LIMITS;
  return {
    number: withDefaults(given.number, defaults.number),
    device: withDefaults(given.device, defaults.device),
    vouched: withDefaults(given.vouched, defaults.vouched),
    trusted: withDefaults(given.trusted, defaults.trusted),
    knownNumbers: withDefaults(given.knownNumbers, defaults.knownNumbers),
    ip: withDefaults(given.ip, defaults.ip),
    prefix: withDefaults(given.prefix, defaults.prefix),
    country: withDefaults(given.country, defaults.country),
    all: withDefaults(given.all, defaults.all),
    ...(given.money === undefined ? {} : { money: given.money }),
  };
}

/** What is there but `undefined` takes its default as well. */
function withDefaults<T extends object>(given: Partial<T> = {}, defaults: T): T {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(present) };
}

/** A factory written in JavaScript may return anything, or nothing. */
type GivenOptions = Partial<OtpOptions> | null | undefined;

function isProduction(options: GivenOptions): boolean {
  return options?.production ?? process.env['NODE_ENV'] === 'production';
}

/** Mistakes that only several options together make; read with care, for each alone may be wrong as well. */
function problemsTogether(options: GivenOptions, production: boolean): string[] {
  const problems: string[] = [];
  const secrets: readonly unknown[] = Array.isArray(options?.secrets) ? options.secrets : [];
  if (new Set(secrets).size < secrets.length) {
    problems.push('secrets: the same secret is listed twice; list each once');
  }
  if (options?.indexSecret === undefined && (production || secrets.length > 1)) {
    problems.push(
      `indexSecret: is missing; ${production ? 'production' : 'a ring of several secrets'} needs one of its own, so that ` +
        'rotating secrets forgets no count. Where there was only one secret until now, its value keeps the counts',
    );
  }
  const { namespace } = options?.store ?? memoryStore();
  for (const [name, purpose] of Object.entries(options?.purposes ?? {})) {
    const audience: unknown = purpose?.audience ?? [];
    if (audience === namespace || (Array.isArray(audience) && audience.includes(namespace))) {
      problems.push(
        `purposes.${name}.audience: lists the namespace '${namespace}', which is in every proof's audience; leave it out`,
      );
    }
  }
  if (production && options?.transports === undefined) {
    problems.push('transports: are missing; production needs one that sends, e.g. [httpsTransport({ … })]');
  }
  const transports: readonly SmsTransport[] = Array.isArray(options?.transports) ? options.transports : [];
  const names = transports.map((transport) => transport?.name);
  if (new Set(names).size < names.length) {
    problems.push('transports: the same name is used twice; give one of them another `name`');
  }
  for (const [entry, given] of listed(options?.delivery?.order).entries()) {
    const strangers = namesOf(given).filter((name) => !names.includes(name));
    if (strangers.length > 0) {
      problems.push(
        `delivery.order[${entry}].transports: names ${strangers.join(', ')}, which no transport is called; there are: ${names.join(', ')}`,
      );
    }
  }
  if (options?.delivery?.resendFailed === true && options.risk?.decoys === true) {
    problems.push(
      'delivery.resendFailed: what is sent again tells real numbers from decoys (risk.decoys); leave out one of the two',
    );
  }
  if (production && options?.testNumbers !== undefined && options.testNumbers.allowInProduction !== true) {
    problems.push(
      'testNumbers: let in whoever knows a number and its code; leave them out of production, or set testNumbers.allowInProduction',
    );
  }
  for (const transport of production ? transports : []) {
    if (transport?.developmentOnly === true) {
      problems.push(
        `transports: '${transport.name}' shows codes and is for development only; replace it with one that sends`,
      );
    }
  }
  return problems;
}

/** The transports of one entry of `delivery.order`, which may be no entry at all. */
function namesOf(entry: { readonly transports?: readonly string[] } | null | undefined): readonly string[] {
  return listed(entry?.transports);
}

/** A list that a JavaScript caller may have given as anything; what is no list is told by the schema. */
function listed<T>(value: readonly T[] | undefined): readonly T[] {
  const isList: (given: unknown) => boolean = Array.isArray;
  return value !== undefined && isList(value) ? value : [];
}
