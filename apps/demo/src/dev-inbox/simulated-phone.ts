import { Injectable } from '@nestjs/common';
import type { OutgoingMessage, SendResult, SmsTransport } from 'nestjs-sms-otp';
import { randomUUID } from 'node:crypto';

export interface SimulatedMessage {
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
  readonly transport: string;
  /** ISO 8601, UTC. */
  readonly sentAt: string;
}

const MAX_MESSAGES = 200;

/** Stands in for a provider: accepts every message and keeps the newest ones in this process. */
@Injectable()
export class SimulatedPhone implements SmsTransport {
  readonly name = 'simulated';
  readonly channels = ['sms'] as const;
  private readonly messages: SimulatedMessage[] = [];

  async send({ to, text }: OutgoingMessage): Promise<SendResult> {
    const message = { id: randomUUID(), to, text, transport: this.name, sentAt: new Date().toISOString() };
    this.messages.unshift(message);
    this.messages.splice(MAX_MESSAGES);
    return { outcome: 'accepted', messageId: message.id };
  }

  /** Newest first. */
  inbox(to?: string): readonly SimulatedMessage[] {
    return this.messages.filter((message) => to === undefined || message.to === to);
  }
}
