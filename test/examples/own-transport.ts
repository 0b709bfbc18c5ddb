// #region example
import type { OutgoingMessage, SendResult, SmsTransport } from 'nestjs-sms-otp';

export class AcmeSms implements SmsTransport {
  readonly name = 'acme';
  readonly channels = ['sms'] as const;

  constructor(private readonly gateway: string) {}

  async send({ to, text }: OutgoingMessage, { signal }: { readonly signal: AbortSignal }): Promise<SendResult> {
    const answer = await fetch(this.gateway, { method: 'POST', body: JSON.stringify({ to, text }), signal });
    if (answer.status === 429) {
      return { outcome: 'failed', reason: 'transient' }; // no message left
    }
    if (!answer.ok) {
      return { outcome: 'failed', reason: 'unknown-outcome' }; // it may have left
    }
    return { outcome: 'accepted', messageId: await answer.text() };
  }
}
// #endregion example
