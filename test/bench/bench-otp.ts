import { NestFactory } from '@nestjs/core';
import {
  type CodeHasher,
  memoryStore,
  type OtpClientOption,
  OtpModule,
  OtpService,
  type OtpStore,
  type OutgoingMessage,
  type SendResult,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import type { BenchRedis } from './redis.js';

/** A real application with the module; its log is off and its transport takes every message at once. */
export interface BenchOtp {
  /** A code for a number that has had none, by default without a client. @throws Error when it is refused */
  issue(client?: OtpClientOption): Promise<Issued>;
  /** Issue, and the right answer. */
  cycle(): Promise<void>;
  /** Asks again for a number that has just had a code. @throws Error when it is not refused */
  refusedIssue(number: string, client: OtpClientOption): Promise<void>;
  /** @throws Error when it is not compared */
  wrongAnswer(issued: Issued): Promise<void>;
  close(): Promise<void>;
}

export interface Issued {
  readonly number: string;
  readonly challengeId: string;
  readonly code: string;
}

export interface BenchOtpOptions {
  readonly store: OtpStore;
  readonly hashing: CodeHasher;
}

const SECRET = 'q8Zr3xT6yB9nM2kQ5wE8uI1oP4aS7dF0';
/** As many budgets as by default, so high that a run whose messages nobody answers goes on. */
const NEVER_FULL = {
  unansweredSends: [
    { limit: 1_000_000, windowSeconds: 3600, share: 8 },
    { limit: 1_000_000, windowSeconds: 86_400, share: 0.75 },
  ],
};
let numbersUsed = 0;
let namespacesUsed = 0;

export async function startOtp({ store, hashing }: BenchOtpOptions): Promise<BenchOtp> {
  const sink = new CodeSink();
  const app = await NestFactory.createApplicationContext(
    OtpModule.forRoot({
      serviceName: 'Bench',
      secrets: [SECRET],
      purposes: { login: { maxAttempts: 10 } },
      limits: {
        // Longer than a run, so that what is refused stays refused.
        number: { cooldownSeconds: [3600] },
        prefix: NEVER_FULL,
        country: NEVER_FULL,
        all: NEVER_FULL,
      },
      store,
      hashing,
      transports: [sink],
    }),
    { logger: false },
  );
  const otp = app.get(OtpService);
  const purpose = 'login';

  async function issue(client: OtpClientOption = 'none'): Promise<Issued> {
    const number = nextNumber();
    const result = await otp.issue({ purpose, phoneNumber: number, client });
    if (result.outcome !== 'issued') {
      throw new Error(`issuing: ${result.outcome}`);
    }
    return { number, challengeId: result.challenge.challengeId, code: sink.takeCode(number) };
  }

  return {
    issue,
    async cycle() {
      const { challengeId, code } = await issue();
      const { outcome } = await otp.verify({ purpose, challengeId, code, client: 'none' });
      expectOutcome(outcome, 'verified');
    },
    async refusedIssue(number, client) {
      const { outcome } = await otp.issue({ purpose, phoneNumber: number, client });
      expectOutcome(outcome, 'throttled');
    },
    async wrongAnswer({ challengeId, code }) {
      const wrong = code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
      const { outcome } = await otp.verify({ purpose, challengeId, code: wrong, client: 'none' });
      expectOutcome(outcome, 'incorrect_code');
    },
    close: () => app.close(),
  };
}

export function freshMemoryStore(): OtpStore {
  return memoryStore({ maxNumbers: 2_000_000 });
}

export function freshRedisStore({ url }: BenchRedis): OtpStore {
  namespacesUsed += 1;
  return redisStore({ url, namespace: `bench-${namespacesUsed}` });
}

/** A Dutch mobile number that this run has not used. */
function nextNumber(): string {
  numbersUsed += 1;
  return `+316${10_000_000 + numbersUsed}`;
}

function expectOutcome(outcome: string, expected: string): void {
  if (outcome !== expected) {
    throw new Error(`${outcome} instead of ${expected}`);
  }
}

class CodeSink implements SmsTransport {
  readonly name = 'sink';
  readonly channels = ['sms'] as const;
  private readonly codes = new Map<string, string>();

  send({ to, text }: OutgoingMessage): Promise<SendResult> {
    this.codes.set(to, text.slice(0, text.indexOf(' ')));
    return Promise.resolve({ outcome: 'accepted', messageId: 'sink' });
  }

  takeCode(number: string): string {
    const code = this.codes.get(number) ?? '';
    this.codes.delete(number);
    return code;
  }
}
