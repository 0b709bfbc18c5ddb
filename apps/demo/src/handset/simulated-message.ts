import type { Channel, Receipt } from 'nestjs-sms-otp';

export interface SimulatedMessage {
  readonly id: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** BCP 47 tag of the text, where it is known. */
  readonly locale?: string;
  readonly transport: string;
  readonly channel: Channel;
  /** What a provider charges for; 1 for a call. */
  readonly segments: number;
  /** For all segments together, by the module's own prices; not there where the number's country is not known. */
  readonly cost?: number;
  readonly currency: 'USD';
  /** What the simulated carrier reported of it. */
  readonly delivery: 'queued' | Receipt['state'];
  /** ISO 8601, UTC. */
  readonly sentAt: string;
}

/** Numbers that end in 00 are out of reach of everything but calls, so that failed messages can be tried. */
export function arrives({ to, channel }: Pick<SimulatedMessage, 'to' | 'channel'>): boolean {
  return channel === 'voice' || !to.endsWith('00');
}
