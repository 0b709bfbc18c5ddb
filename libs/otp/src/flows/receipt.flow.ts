import { Logger } from '@nestjs/common';
import { checkReading } from '../delivery/receipts/check-reading.js';
import type { Receipt, ReceiptReader, ReceiptReading, ReceiptRequest } from '../delivery/receipts/receipt-reader.js';
import { DeadlineError, withDeadline } from '../delivery/with-deadline.js';
import { randomBytes } from '../secrets/random-bytes.js';
import type { ReceiptRefusal } from '../telemetry/event-types.js';
import { claimMark } from './claim-mark.js';
import { challengeRefOf, eventLane } from './live-challenge.js';
import type { OtpParts } from './otp-parts.js';
import { requestClient } from './request-context.js';
import { ResendFlow } from './resend.flow.js';
import type { Busy, StoreUnavailable } from './results.js';
import { type FoundMessage, RECEIPT_LIFETIME_SECONDS } from './sent-messages.js';
import { answering } from './store-failures.js';

export interface ReceiptCall {
  /** The transport's name. */
  readonly transport: string;
  readonly reader: ReceiptReader;
  readonly request: ReceiptRequest;
  /** Who calls; `undefined` when that cannot be known. */
  readonly ip: string | undefined;
}

export type ReceiptResult =
  | { readonly outcome: 'received' }
  | { readonly outcome: 'forged' | 'stale' | 'malformed' | 'unavailable' }
  | StoreUnavailable
  | Busy;

/** Longest wait for a reader, which may have to fetch a certificate. */
const READ_SECONDS = 10;
/** Receipts of one batch that are looked up at the same time. */
const AT_ONCE = 8;

/**
 * reading → message → delivery state → event. A receipt is telemetry: it proves nothing, and neither takes from a limit
 * nor gives back. It changes no more than the state of delivery of its own code, and that only forwards, so a repeat or a
 * replay changes nothing and is answered as the first was: a provider whose answer was lost asks again.
 */
export class ReceiptFlow {
  private readonly logger = new Logger(ReceiptFlow.name);

  private readonly resend: ResendFlow;

  constructor(private readonly parts: OtpParts) {
    this.resend = new ResendFlow(parts);
  }

  async run({ transport, reader, request, ip }: ReceiptCall): Promise<ReceiptResult> {
    const reading = await read(reader, request);
    if (reading.outcome !== 'read') {
      this.refused(transport, reading.outcome, ip);
      return reading;
    }
    return answering(async () => {
      for (let from = 0; from < reading.receipts.length; from += AT_ONCE) {
        const batch = reading.receipts.slice(from, from + AT_ONCE);
        await Promise.all(batch.map((receipt) => this.apply(transport, receipt)));
      }
      return { outcome: 'received' };
    });
  }

  /** Tells of a call that was refused. */
  refused(transport: string, reason: ReceiptRefusal, ip: string | undefined): void {
    this.parts.events.emit('receipt.refused', { transport, reason, ...requestClient(this.parts, { ip }).network });
  }

  /** The state first, which may be written any number of times: what a lost store interrupts, the repeat mends. */
  private async apply(transport: string, receipt: Receipt): Promise<void> {
    const { sentMessages, store } = this.parts;
    const found = await sentMessages.find(transport, receipt.messageId);
    if (found === undefined) {
      return;
    }
    const delivery = receipt.state;
    const written = await store.challenges.replaceIf(found.id.ref, found.generation, { kind: 'delivery', delivery });
    const isLive = written.outcome === 'replaced' || written.live;
    const hasFailed = delivery === 'failed' && isLive && (await this.isFailed(found));
    if (await this.isFirst(transport, receipt)) {
      this.tell(transport, receipt, found);
      if (hasFailed && this.parts.resendFailed) {
        this.sendInstead(found);
      }
    }
  }

  /** Each state of each message is told once, whoever reports it how often at how many instances. */
  private async isFirst(transport: string, { messageId, state }: Receipt): Promise<boolean> {
    const { index, store } = this.parts;
    const mark = index.mark('receipt', `${transport}\0${messageId}\0${state}`);
    const value = randomBytes(8).toString('base64url');
    return (await claimMark(store.marks, { key: mark, value, ttlSeconds: RECEIPT_LIFETIME_SECONDS })) === undefined;
  }

  /** Also when another request with the same receipt wrote it; not when a resend came in between. */
  private async isFailed({ id, generation }: FoundMessage): Promise<boolean> {
    const stored = await this.parts.store.challenges.find(id.ref);
    return stored?.generation === generation && stored.delivery === 'failed';
  }

  private tell(transport: string, { state, detail }: Receipt, found: FoundMessage): void {
    const { id, purpose, destination, country, channel } = found;
    this.parts.events.emit('delivery.reported', {
      destination,
      country,
      numberRef: id.ref.key.index,
      purpose,
      lane: eventLane(id.lane),
      challengeRef: challengeRefOf(id),
      transport,
      channel,
      state,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  /** The provider is not kept waiting for what follows. */
  private sendInstead(found: FoundMessage): void {
    this.resend.sendInstead(found).catch((error: unknown) => {
      this.logger.error(`After a failed message: ${error instanceof Error ? error.name : 'unknown error'}`);
    });
  }
}

async function read(reader: ReceiptReader, request: ReceiptRequest): Promise<ReceiptReading> {
  try {
    return checkReading(await withDeadline({ timeoutSeconds: READ_SECONDS }, async () => reader.read(request)));
  } catch (error) {
    return { outcome: error instanceof DeadlineError ? 'unavailable' : 'malformed' };
  }
}
