import { NestFactory } from '@nestjs/core';
import { type CodeHasher, type OtpClientOption, OtpModule, OtpService, type OtpStore } from 'nestjs-sms-otp';
import { CodeSink, numberOf, OTP_SETTINGS } from './otp-settings.js';

/** A real application with the module; its log is off and its transport takes every message at once. */
export interface BenchOtp {
  /** A code for a number that has had none, by default without a client. @throws Error when it is refused */
  issue(client?: OtpClientOption): Promise<Issued>;
  /** The right answer. @throws Error when it is refused */
  rightAnswer(issued: Issued): Promise<void>;
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

let numbersUsed = 0;

export async function startOtp({ store, hashing }: BenchOtpOptions): Promise<BenchOtp> {
  const codes = new Map<string, string>();
  const sink = new CodeSink((number, code) => codes.set(number, code));
  const app = await NestFactory.createApplicationContext(
    OtpModule.forRoot({ ...OTP_SETTINGS, store, hashing, transports: [sink] }),
    { logger: false },
  );
  const otp = app.get(OtpService);
  const purpose = 'login';

  async function issue(client: OtpClientOption = 'none'): Promise<Issued> {
    numbersUsed += 1;
    const number = numberOf(numbersUsed);
    const result = await otp.issue({ purpose, phoneNumber: number, client });
    if (result.outcome !== 'issued') {
      throw new Error(`issuing: ${result.outcome}`);
    }
    const code = codes.get(number) ?? '';
    codes.delete(number);
    return { number, challengeId: result.challenge.challengeId, code };
  }

  async function answer({ challengeId, code }: Issued, expected: string): Promise<void> {
    const { outcome } = await otp.verify({ purpose, challengeId, code, client: 'none' });
    expectOutcome(outcome, expected);
  }

  return {
    issue,
    rightAnswer: (issued) => answer(issued, 'verified'),
    cycle: async () => answer(await issue(), 'verified'),
    async refusedIssue(number, client) {
      const { outcome } = await otp.issue({ purpose, phoneNumber: number, client });
      expectOutcome(outcome, 'throttled');
    },
    wrongAnswer: (issued) => answer({ ...issued, code: wrongCode(issued.code) }, 'incorrect_code'),
    close: () => app.close(),
  };
}

/** Differs in its last digit. */
export function wrongCode(code: string): string {
  return code.replace(/\d$/, (last) => String((Number(last) + 1) % 10));
}

function expectOutcome(outcome: string, expected: string): void {
  if (outcome !== expected) {
    throw new Error(`${outcome} instead of ${expected}`);
  }
}
