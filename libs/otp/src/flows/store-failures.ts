import { StoreFullError, StoreUnavailableError } from '../stores/otp-store.js';
import { NoSeatError } from './held-seat.js';
import type { Busy, StoreUnavailable } from './results.js';

/** When to come back after `busy`: the queue of hashes is about a second long. */
export const BUSY: Busy = { outcome: 'busy', retryAfterSeconds: 1 };

/** Runs a flow; a store that is lost becomes an answer, anything else stays an error. */
export async function answeringLoss<T>(flow: () => Promise<T>): Promise<T | StoreUnavailable> {
  try {
    return await flow();
  } catch (error) {
    if (error instanceof StoreUnavailableError) {
      return { outcome: 'store_unavailable' };
    }
    throw error;
  }
}

/** The same for flows that store something new, which may meet a full store, or seats that are all taken. */
export async function answering<T>(flow: () => Promise<T>): Promise<T | StoreUnavailable | Busy> {
  try {
    return await answeringLoss(flow);
  } catch (error) {
    if (error instanceof StoreFullError || error instanceof NoSeatError) {
      return BUSY;
    }
    throw error;
  }
}
