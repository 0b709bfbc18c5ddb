import { Injectable } from '@nestjs/common';
import {
  type Channel,
  countSegments,
  DEFAULT_PRICES,
  jsonReceipts,
  type OutgoingMessage,
  type Receipt,
  type ReceiptReader,
  type SendResult,
  type SmsTransport,
} from 'nestjs-sms-otp';
import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Inbox } from './inbox.js';
import type { SimulatedMessage } from './simulated-message.js';

export interface SimulatedPhoneOptions {
  /**
   * Whether a number (E.164) belongs to the attacks that the demo makes on itself. Its messages are kept apart, so that they
   * neither stand on the handset nor push a person's messages out. @default none does
   */
  readonly isTarget?: (to: string) => boolean;
  /** Whether messages are carried to their end and reported; production has nobody who reads them. @default true */
  readonly reports?: boolean;
  /** In milliseconds since the Unix epoch. @default the system's clock */
  readonly now?: () => number;
}

/** Something that the bank tells and that is no code. */
export interface Notice {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** BCP 47 tag of the text. */
  readonly locale?: string;
  /** ISO 3166-1 alpha-2 code of the number's country; without it the handset shows no cost. */
  readonly country?: string;
}

const RECEIPT = z.object({ messageId: z.uuid(), state: z.enum(['sent', 'delivered', 'failed']) });

/** Stands in for a provider: accepts every message and keeps the newest ones in this process. */
@Injectable()
export class SimulatedPhone implements SmsTransport {
  readonly name = 'simulated';
  readonly channels = ['sms', 'voice', 'whatsapp'] as const;
  /** At the end of the receipts' address: whoever does not have it reports nothing. */
  readonly receiptToken = randomBytes(32).toString('hex');
  readonly receipts: ReceiptReader | undefined;
  private readonly people = new Inbox();
  private readonly targets = new Inbox();
  private readonly isTarget: (to: string) => boolean;
  private readonly now: () => number;
  private carry: (message: SimulatedMessage) => void = () => undefined;

  constructor({ isTarget = () => false, reports = true, now = () => Date.now() }: SimulatedPhoneOptions = {}) {
    this.isTarget = isTarget;
    this.now = now;
    this.receipts = reports
      ? jsonReceipts({ tokens: [this.receiptToken], read: (body) => this.reported(body), answer: { status: 204 } })
      : undefined;
  }

  async send({ to, text, channel, country, locale }: OutgoingMessage): Promise<SendResult> {
    return { outcome: 'accepted', messageId: this.accept({ to, text, country, locale }, channel) };
  }

  /** Shows a message that no challenge belongs to. */
  notify(notice: Notice): void {
    this.accept(notice, 'sms');
  }

  /** Who brings messages to people's phones. Messages to targets are not brought: nobody looks at them. */
  handOverTo(carry: (message: SimulatedMessage) => void): void {
    this.carry = carry;
  }

  /** Newest first: of one number, or of all but the targets. */
  inbox(to?: string): readonly SimulatedMessage[] {
    return to !== undefined && this.isTarget(to) ? this.targets.list(to) : this.people.list(to);
  }

  private accept({ to, text, locale, country }: Notice, channel: Channel): string {
    const segments = channel === 'sms' ? countSegments(text).segments : 1;
    const message: SimulatedMessage = {
      id: randomUUID(),
      to,
      text,
      ...(locale !== undefined && { locale }),
      transport: this.name,
      channel,
      segments,
      ...(country !== undefined && { cost: segments * priceIn(country) }),
      currency: 'USD',
      delivery: 'queued',
      sentAt: new Date(this.now()).toISOString(),
    };
    if (this.isTarget(to)) {
      this.targets.add(message);
    } else {
      this.people.add(message);
      this.carry(message);
    }
    return message.id;
  }

  /** What came by the module's webhook with the right token; the handset shows the same as the module is told. */
  private reported(body: unknown): readonly Receipt[] {
    const receipt = RECEIPT.safeParse(body);
    if (!receipt.success) {
      return [];
    }
    this.people.report(receipt.data);
    return [receipt.data];
  }
}

/** The same for every channel, as the module counts them unless it is given a table. */
function priceIn(country: string): number {
  return DEFAULT_PRICES.countries?.[country] ?? DEFAULT_PRICES.default;
}
