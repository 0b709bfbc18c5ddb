import { Injectable, type OnModuleInit } from '@nestjs/common';
import argon2 from 'argon2';
import { OtpException } from 'nestjs-sms-otp';

/** NIST SP 800-63B-4 §3.1.1.2 asks for 8 beside a second factor; no rule on what is in it. */
export const MIN_PASSWORD_LENGTH = 10;
export const MAX_PASSWORD_LENGTH = 128;

/** OWASP Password Storage Cheat Sheet: the least that is advised for argon2id. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** How many may be computed or wait for it: each takes 19 MiB, and those who wait longest have gone by then. */
const MOST_AT_ONCE = 32;

@Injectable()
export class Passwords implements OnModuleInit {
  /** Compared where there is no account, so that the answer takes as long. */
  private decoy = '';
  private atOnce = 0;

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hash('nobody has this password');
  }

  /** @throws OtpException `busy` while too many are computed */
  async hash(password: string): Promise<string> {
    return this.compute(() => argon2.hash(bytesOf(password), COST));
  }

  /** @throws OtpException `busy` while too many are computed */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const isRight = await this.compute(() => argon2.verify(hash ?? this.decoy, bytesOf(password)));
    return isRight && hash !== undefined;
  }

  private async compute<T>(work: () => Promise<T>): Promise<T> {
    if (this.atOnce >= MOST_AT_ONCE) {
      throw new OtpException('busy', { retryAfter: 1 });
    }
    this.atOnce += 1;
    try {
      return await work();
    } finally {
      this.atOnce -= 1;
    }
  }
}

export function isPassword(value: string): boolean {
  return value.length >= MIN_PASSWORD_LENGTH && value.length <= MAX_PASSWORD_LENGTH;
}

/** Keyboards write the same accented letter in two ways. */
function bytesOf(password: string): Buffer {
  return Buffer.from(password.normalize('NFKC'));
}
