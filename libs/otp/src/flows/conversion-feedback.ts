import { safeDetail } from '../delivery/safe-detail.js';
import type { SmsTransport } from '../delivery/sms-transport.js';
import { withDeadline } from '../delivery/with-deadline.js';
import type { OtpEvents } from '../telemetry/otp-events.js';
import { eventChallenge, type LiveChallenge } from './live-challenge.js';
import type { SentMessages } from './sent-messages.js';

export interface ConversionFeedbackParts {
  readonly transports: readonly SmsTransport[];
  readonly sentMessages: SentMessages;
  readonly events: OtpEvents;
}

type Confirm = NonNullable<SmsTransport['confirm']>;

/** Longest wait for a provider that is told, in seconds. */
const CONFIRM_SECONDS = 10;

/** Tells providers that the code of a message was entered: they choose their routes by it, and see pumping. */
export class ConversionFeedback {
  private readonly confirms: ReadonlyMap<string, Confirm>;

  constructor(private readonly parts: ConversionFeedbackParts) {
    this.confirms = new Map(
      parts.transports.flatMap((transport): [string, Confirm][] => {
        const confirm = transport.confirm?.bind(transport);
        return confirm === undefined ? [] : [[transport.name, confirm]];
      }),
    );
  }

  /** In the background, whatever becomes of it: the person is signed in. */
  tell(challenge: LiveChallenge, generation: number): void {
    if (this.confirms.size > 0 && !challenge.payload.test) {
      // A store that is lost just now costs the provider's statistics one message.
      this.confirm(challenge, generation).catch(() => undefined);
    }
  }

  private async confirm(challenge: LiveChallenge, generation: number): Promise<void> {
    const { events, sentMessages } = this.parts;
    const sent = await sentMessages.sentBy(challenge.id.ref, generation);
    const confirm = sent && this.confirms.get(sent.transport);
    if (sent === undefined || confirm === undefined) {
      return;
    }
    const { transport, messageId } = sent;
    const about = { ...eventChallenge(challenge), transport };
    try {
      await withDeadline({ timeoutSeconds: CONFIRM_SECONDS }, async (signal) => confirm(messageId, { signal }));
      events.emit('feedback.accepted', about);
    } catch (error) {
      const detail = error instanceof Error ? safeDetail(error.message) : 'unknown error';
      events.emit('feedback.failed', { ...about, detail });
    }
  }
}
