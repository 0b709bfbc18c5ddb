import { z } from 'zod';
import type { ChallengeIds, OpenedChallengeId } from '../challenge/challenge-id.js';
import type { SmsTransport } from '../delivery/sms-transport.js';
import { type Channel, CHANNELS } from '../phone/channel.js';
import type { RecordIndex } from '../secrets/record-index.js';
import { openText, sealText } from '../secrets/sealed-text.js';
import type { SecretRing } from '../secrets/secret-ring.js';
import type { ChallengeRef, MarkStore } from '../stores/otp-store.js';
import type { LiveChallenge } from './live-challenge.js';

export interface SentMessagesParts {
  readonly transports: readonly SmsTransport[];
  readonly ring: SecretRing;
  readonly index: RecordIndex;
  readonly ids: ChallengeIds;
  readonly marks: MarkStore;
}

/** A message that a provider took. */
export interface TakenMessage {
  readonly challenge: LiveChallenge;
  readonly generation: number;
  /** The transport's name. */
  readonly transport: string;
  readonly messageId: string;
}

/** What is known of a message by its provider's id, also when its challenge is answered or over. */
export interface FoundMessage {
  readonly id: OpenedChallengeId;
  readonly generation: number;
  readonly purpose: string;
  /** The masked number. */
  readonly destination: string;
  readonly country: string;
  readonly channel: Channel;
}

/** What providers report later than this is of use to nobody. */
export const RECEIPT_LIFETIME_SECONDS = 4 * 3600;

const MESSAGE = z.tuple([z.string(), z.number(), z.string(), z.string(), z.string(), z.enum(CHANNELS)]);
const SENT_BY = z.tuple([z.string(), z.string()]);

/**
 * Which challenge a provider's message belongs to, and by which message a code went out. Marks of their own, for a
 * provider's id says nothing of the number's record; names are keyed hashes and contents are sealed, so a store tells of
 * no message whose it is. Kept only for transports that will ask: those with `receipts`, and with `confirm`.
 */
export class SentMessages {
  private readonly transports: ReadonlyMap<string, SmsTransport>;

  constructor(private readonly parts: SentMessagesParts) {
    this.transports = new Map(parts.transports.map((transport) => [transport.name, transport]));
  }

  /** In the background: a store that is lost just now costs nobody the login, only what its provider will say. */
  remember({ challenge: { id, purpose, payload }, generation, transport, messageId }: TakenMessage): void {
    const known = this.transports.get(transport);
    if (known?.receipts !== undefined) {
      const { masked, country } = payload.number;
      const about = [this.parts.ids.seal(id), generation, purpose.name, masked, country, payload.channel];
      this.put(this.messageMark(transport, messageId), about, RECEIPT_LIFETIME_SECONDS);
    }
    if (known?.confirm !== undefined && (known.feedbackChannels ?? known.channels).includes(payload.channel)) {
      this.put(this.sentMark(id.ref, generation), [transport, messageId], purpose.ttlSeconds);
    }
  }

  /** `undefined` for a message of somebody else, of long ago, or of a challenge that no secret opens any more. */
  async find(transport: string, messageId: string): Promise<FoundMessage | undefined> {
    const found = MESSAGE.safeParse(await this.get(this.messageMark(transport, messageId)));
    if (!found.success) {
      return undefined;
    }
    const [challengeId, generation, purpose, destination, country, channel] = found.data;
    const id = this.parts.ids.open(challengeId);
    return id && { id, generation, purpose, destination, country, channel };
  }

  /** By which message a code went out, where its transport wants to hear that it was entered. */
  async sentBy(
    ref: ChallengeRef,
    generation: number,
  ): Promise<{ readonly transport: string; readonly messageId: string } | undefined> {
    const found = SENT_BY.safeParse(await this.get(this.sentMark(ref, generation)));
    return found.success ? { transport: found.data[0], messageId: found.data[1] } : undefined;
  }

  private messageMark(transport: string, messageId: string): string {
    return this.parts.index.mark('message', `${transport}\0${messageId}`);
  }

  private sentMark({ key, id }: ChallengeRef, generation: number): string {
    return this.parts.index.mark('sent', `${key.index}\0${id.toString('hex')}\0${generation}`);
  }

  private put(mark: string, content: readonly unknown[], ttlSeconds: number): void {
    const sealed = sealText(this.parts.ring, JSON.stringify(content), mark);
    this.parts.marks.put(mark, sealed, ttlSeconds).catch(() => undefined);
  }

  private async get(mark: string): Promise<unknown> {
    const sealed = await this.parts.marks.get(mark);
    const text = sealed === undefined ? undefined : openText(this.parts.ring, sealed, mark);
    return text === undefined ? undefined : JSON.parse(text);
  }
}
