import type { Channel } from '../phone/channel.js';
import { type Clock, systemClock } from '../telemetry/clock.js';
import { ChainLink } from './chain-link.js';
import { Circuit, type CircuitState } from './circuit.js';
import type { OtpDeliveryOptions } from './delivery-options.js';
import { sendFailure } from './read-send-result.js';
import type { OutgoingMessage, SendFailure, SendFailureReason, SendResult, SmsTransport } from './sms-transport.js';
import { carriersFor } from './transport-order.js';

export interface DelivererOptions {
  /** In order of preference. */
  readonly transports: readonly SmsTransport[];
  /** Longest wait for one transport, in seconds, whether or not it heeds its signal. */
  readonly sendTimeoutSeconds: number;
  /** `totalTimeoutSeconds` bounds the wait for all of them. */
  readonly options?: OtpDeliveryOptions;
  /** Where a transport's provider may send its receipts. @default nowhere */
  readonly receiptUrlOf?: (transport: SmsTransport) => string | undefined;
  /** Called when a transport's circuit opens or closes. */
  readonly onCircuit?: (change: CircuitChange) => void;
  /** Tells when a circuit may be tried again. @default systemClock */
  readonly clock?: Clock;
}

export interface CircuitChange {
  readonly transport: string;
  readonly state: 'open' | 'closed';
}

export interface TransportState {
  readonly name: string;
  readonly channels: readonly Channel[];
  readonly circuit: CircuitState;
}

export interface FailedAttempt extends SendFailure {
  readonly transport: string;
}

/**
 * How a message went: the result of the attempt that decided it, with the name of that transport, and the other attempts,
 * all of them failed, in their order.
 */
export type Delivery = SendResult & { readonly transport: string; readonly earlier: readonly FailedAttempt[] };

/**
 * After these nothing was sent and the provider is to blame, so that another one may do better. A recipient who cannot or
 * must not get messages is not tried elsewhere: another provider is no way round an opt-out or a block.
 */
const NEXT_MAY_DO_BETTER: ReadonlySet<SendFailureReason> = new Set(['transient', 'quota', 'configuration']);

/** An attempt with less than this share of the usual time would most likely end with an unknown outcome. */
const SHORTEST_ATTEMPT = 0.1;

/** Hands messages to transports, one after the other until one takes it. All of them get the same message, so the same code. */
export class Deliverer {
  private readonly links: readonly ChainLink[];
  private readonly options: OtpDeliveryOptions;
  private readonly totalSeconds: number;
  private readonly attemptSeconds: number;

  constructor({
    transports,
    sendTimeoutSeconds,
    options = {},
    receiptUrlOf,
    onCircuit,
    clock = systemClock,
  }: DelivererOptions) {
    this.options = options;
    this.totalSeconds = options.totalTimeoutSeconds ?? 20;
    this.attemptSeconds = Math.min(sendTimeoutSeconds, this.totalSeconds);
    this.links = transports.map((transport) => {
      const onChange = (state: CircuitChange['state']) => onCircuit?.({ transport: transport.name, state });
      const circuit = new Circuit({ ...options.circuitBreaker, clock, onChange });
      return new ChainLink({ transport, circuit, receiptUrl: receiptUrlOf?.(transport) });
    });
  }

  /** Always resolves, within the total time. */
  async deliver(message: OutgoingMessage): Promise<Delivery> {
    const start = performance.now();
    const able = this.links.filter((link) => link.carries(message));
    const waiting = new Set(carriersFor(message, able, this.options.order));
    const failed: FailedAttempt[] = [];
    for (let link = nextOf(waiting); link !== undefined; link = nextOf(waiting)) {
      waiting.delete(link);
      const secondsLeft = this.totalSeconds - (performance.now() - start) / 1000;
      if (failed.length > 0 && secondsLeft < this.attemptSeconds * SHORTEST_ATTEMPT) {
        break;
      }
      const result = await link.send(message, Math.min(this.attemptSeconds, secondsLeft));
      if (result.outcome === 'accepted') {
        return { ...result, transport: link.name, earlier: failed };
      }
      failed.push({ ...result, transport: link.name });
      if (!this.goesOnAfter(result.reason)) {
        break;
      }
    }
    return failureOf(failed, message);
  }

  /** In the order of the transports. */
  transports(): readonly TransportState[] {
    return this.links.map(({ name, channels, circuit }) => ({ name, channels: [...channels], circuit: circuit.state }));
  }

  private goesOnAfter(reason: SendFailureReason): boolean {
    return reason === 'unknown-outcome' ? this.options.afterUnknownOutcome === 'next' : NEXT_MAY_DO_BETTER.has(reason);
  }
}

/** Chosen anew for each attempt, because the circuits change meanwhile. Among equals their order stands. */
function nextOf(waiting: ReadonlySet<ChainLink>): ChainLink | undefined {
  return [...waiting].toSorted((a, b) => a.circuit.doubt - b.circuit.doubt)[0];
}

/** Who may have sent it decides: then the message may arrive, whatever the others said. */
function failureOf(failed: readonly FailedAttempt[], { channel }: OutgoingMessage): Delivery {
  const deciding = failed.findLast(({ reason }) => reason === 'unknown-outcome') ?? failed.at(-1);
  return deciding === undefined
    ? {
        ...sendFailure('configuration', `no transport carries this message by ${channel}`),
        transport: 'none',
        earlier: [],
      }
    : { ...deciding, earlier: failed.filter((attempt) => attempt !== deciding) };
}
