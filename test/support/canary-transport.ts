import type { OutgoingMessage, SendResult, SmsTransport } from 'nestjs-sms-otp';

/** A transport as careless as can be: its errors repeat number and text. What it was given to send is kept, sent or not. */
export class CanaryTransport implements SmsTransport {
  readonly name = 'canary';
  readonly channels = ['sms'] as const;
  readonly messages: OutgoingMessage[] = [];
  behaviour: 'accept' | 'refuse' | 'throw' = 'accept';

  get codes(): readonly string[] {
    return this.messages.map(({ text }) => /^\d+/.exec(text)?.[0] ?? '');
  }

  codeTo(number: string): string {
    return /^\d+/.exec(this.messages.findLast(({ to }) => to === number)?.text ?? '')?.[0] ?? '';
  }

  send(message: OutgoingMessage): Promise<SendResult> {
    this.messages.push(message);
    const repeated = `${message.to} would not take: ${message.text}`;
    switch (this.behaviour) {
      case 'accept':
        return Promise.resolve({ outcome: 'accepted', messageId: `canary-${this.messages.length}` });
      case 'refuse':
        return Promise.resolve({ outcome: 'failed', reason: 'invalid-recipient', detail: repeated });
      case 'throw':
        return Promise.reject(new Error(repeated));
    }
  }
}
