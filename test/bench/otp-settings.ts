import {
  argon2id,
  type CodeHasher,
  hmacSha256,
  memoryStore,
  type OtpOptions,
  type OtpStore,
  type OutgoingMessage,
  type SendResult,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import type { Cluster } from 'ioredis';

export type HashingName = 'HMAC' | 'argon2id';
export const HASHERS: Readonly<Record<HashingName, () => CodeHasher>> = { HMAC: hmacSha256, argon2id };

export const BENCH_SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';
/** As many budgets as by default, so high that a run whose messages nobody answers goes on. */
const NEVER_FULL = {
  unansweredSends: [
    { limit: 1_000_000, windowSeconds: 3600, share: 8 },
    { limit: 1_000_000, windowSeconds: 86_400, share: 0.75 },
  ],
};

/** The module as it is measured everywhere: its defaults but for what would end a run. */
export const OTP_SETTINGS = {
  serviceName: 'Bench',
  secrets: [BENCH_SECRET],
  purposes: { login: { start: 'public', maxAttempts: 10, ttlSeconds: 600 } },
  limits: {
    // Longer than a run, so that what is refused stays refused.
    number: { cooldownSeconds: [3600] },
    prefix: NEVER_FULL,
    country: NEVER_FULL,
    all: NEVER_FULL,
  },
} as const satisfies OtpOptions;

let namespacesUsed = 0;

export function freshMemoryStore(): OtpStore {
  return memoryStore({ maxNumbers: 2_000_000 });
}

export function freshRedisStore({ url }: { readonly url: string }): OtpStore {
  return redisStore({ url, namespace: freshNamespace() });
}

export function freshClusterStore(client: Cluster): OtpStore {
  return redisStore({ client, namespace: freshNamespace() });
}

/** Several processes share one Redis. */
function freshNamespace(): string {
  namespacesUsed += 1;
  return `bench-${process.pid}-${namespacesUsed}`;
}

/** A Dutch mobile number for each n. */
export function numberOf(n: number): string {
  return `+316${10_000_000 + n}`;
}

/** Takes every message at once, and hands on its code. */
export class CodeSink implements SmsTransport {
  readonly name = 'sink';
  readonly channels = ['sms'] as const;

  constructor(private readonly keep: (number: string, code: string) => void) {}

  send({ to, text }: OutgoingMessage): Promise<SendResult> {
    this.keep(to, text.slice(0, text.indexOf(' ')));
    return Promise.resolve({ outcome: 'accepted', messageId: 'sink' });
  }
}
