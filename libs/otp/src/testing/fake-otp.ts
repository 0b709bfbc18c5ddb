import type { INestApplicationContext } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { Receipt, ReceiptReader } from '../delivery/receipts/receipt-reader.js';
import { ReceiptFlow } from '../flows/receipt.flow.js';
import { hmacSha256 } from '../hashing/hmac.hasher.js';
import { OTP_CLOCK, OTP_HASHER, OTP_STORE, OTP_TRANSPORTS } from '../otp.tokens.js';
import { memoryStore } from '../stores/memory/index.js';
import { ManualClock } from './manual-clock.js';
import { RecordingTransport } from './recording-transport.js';

/** What FakeOtp needs of `TestingModuleBuilder`. */
export interface OverridableModule {
  overrideProvider(token: unknown): { useValue(value: unknown): OverridableModule };
}

/** Reads what `FakeOtp` reports; nobody else knows the token. */
const FAKE_RECEIPTS: ReceiptReader = {
  methods: ['POST'],
  contentTypes: ['application/json'],
  answer: { status: 204 },
  tokens: [randomBytes(32).toString('hex')],
  read: ({ body }) => ({ outcome: 'read', receipts: [JSON.parse(body.toString('utf8'))] }),
};

/** A recording transport whose provider tells what became of messages. */
class ReportedTransport extends RecordingTransport {
  readonly receipts = FAKE_RECEIPTS;
}

/**
 * Stands in for everything outside the module in an application's own tests: messages are recorded, the store is in
 * memory, time stands still until it is moved, and hashing costs nothing. The rest is the real module: codes, limits,
 * routes and guards.
 *
 * @example
 * const fake = new FakeOtp();
 * const ref = await fake.override(Test.createTestingModule({ imports: [AppModule] })).compile();
 * fake.lastCodeTo('+31612345678');
 * fake.clock.advanceSeconds(301);
 */
export class FakeOtp {
  readonly clock = new ManualClock();
  readonly transport: RecordingTransport = new ReportedTransport();
  private readonly store = memoryStore({ clock: this.clock });

  override<T extends OverridableModule>(builder: T): T {
    builder.overrideProvider(OTP_CLOCK).useValue(this.clock);
    builder.overrideProvider(OTP_STORE).useValue(this.store);
    builder.overrideProvider(OTP_TRANSPORTS).useValue([this.transport]);
    builder.overrideProvider(OTP_HASHER).useValue(hmacSha256());
    return builder;
  }

  /**
   * The code of the newest message to a number in E.164.
   *
   * @throws Error when no message went there.
   */
  lastCodeTo(phoneNumber: string): string {
    const code = this.transport.lastCodeTo(phoneNumber);
    if (code === undefined) {
      throw new Error('No message was sent to this number');
    }
    return code;
  }

  /**
   * Reports what became of the newest message to a number in E.164, as its provider would. What follows from a failure
   * (`delivery.resendFailed`) goes on after it.
   *
   * @param app the application, or its testing module.
   * @throws Error when no message went there.
   */
  async report(app: Pick<INestApplicationContext, 'get'>, phoneNumber: string, state: Receipt['state']): Promise<void> {
    const message = this.transport.lastTo(phoneNumber);
    if (message === undefined) {
      throw new Error('No message was sent to this number');
    }
    const receipt: Receipt = { messageId: message.messageId, state };
    await app.get(ReceiptFlow, { strict: false }).run({
      transport: this.transport.name,
      reader: FAKE_RECEIPTS,
      request: {
        method: 'POST',
        url: 'https://provider.test/',
        headers: {},
        body: Buffer.from(JSON.stringify(receipt)),
        now: this.clock.now(),
      },
      ip: undefined,
    });
  }
}
