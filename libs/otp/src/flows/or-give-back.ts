import { type Charge, StoreUnavailableError } from '../stores/otp-store.js';
import type { OtpParts } from './otp-parts.js';
import type { RequestClient } from './request-context.js';

export interface TakenSend {
  /** What the limits took. */
  readonly charges: readonly Charge[];
  readonly client: RequestClient;
  readonly purpose: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Runs what stands between the limits and the stored code. When it fails, most often because the client hung up while it
 * waited for its hash, no message goes out: what it took is given back but for the client's share and the cooldown.
 */
export async function orGiveBack<T>(
  { events, limits, store }: OtpParts,
  { charges, client, purpose, signal }: TakenSend,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const givenBack = store.limits.giveBack(limits.givenBack(charges)).catch(() => undefined);
    // Nobody waits once more for a store that has just let him wait.
    if (!(error instanceof StoreUnavailableError)) {
      await givenBack;
    }
    if (signal?.aborted === true) {
      events.emit('challenge.refused', { ...client.network, purpose, reason: 'aborted' });
    }
    throw error;
  }
}
