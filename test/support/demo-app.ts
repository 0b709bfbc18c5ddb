import type { INestApplication, LoggerService } from '@nestjs/common';
import type { Clock, OtpStore } from 'nestjs-sms-otp';
import { randomBytes } from 'node:crypto';
import { readDemoConfig } from '../../apps/demo/src/config.js';
import { createDemoApp } from '../../apps/demo/src/create-app.js';
import type { SimulatedMessage } from '../../apps/demo/src/handset/simulated-message.js';
import { SimulatedPhone } from '../../apps/demo/src/handset/simulated-phone.js';
import type { Environment } from '../../apps/demo/src/environment.js';

export const PHONE_NUMBER = '+31612345678';

/** What the demo needs to start in production. */
export function productionSecrets(): Environment {
  return { OTP_SECRETS: randomBytes(32).toString('hex'), OTP_INDEX_SECRET: randomBytes(32).toString('hex') };
}

export interface StartDemoOptions {
  readonly env?: Environment;
  readonly adapter?: 'express' | 'fastify';
  readonly store?: OtpStore;
  /** @default the system's */
  readonly clock?: Clock;
  readonly logger?: LoggerService;
}

export interface RunningDemo {
  readonly url: string;
  readonly app: INestApplication;
  /** What was sent to the number, newest first. */
  messagesTo(phoneNumber: string): readonly SimulatedMessage[];
  /** The newest code that was sent to the number. */
  lastCodeTo(phoneNumber: string): string;
  stop(): Promise<void>;
}

/** The demo in this process, on a free port of the loopback interface. */
export async function startDemo({ env = {}, logger, ...options }: StartDemoOptions = {}): Promise<RunningDemo> {
  const app = await createDemoApp({ config: readDemoConfig(env), logger: logger ?? false, ...options });
  await app.listen(0, '127.0.0.1');
  const phone = app.get(SimulatedPhone);
  return {
    url: await app.getUrl(),
    app,
    messagesTo: (phoneNumber) => phone.inbox(phoneNumber),
    lastCodeTo: (phoneNumber) => codeIn(phone.inbox(phoneNumber)[0]?.text),
    stop: () => app.close(),
  };
}

/** A code is the first thing in its message. */
export function codeIn(text: string | undefined): string {
  const code = /^\d{6,8}/.exec(text ?? '')?.[0];
  if (code === undefined) {
    throw new Error('no message with a code was sent');
  }
  return code;
}
