import { type MarkStore, StoreUnavailableError } from '../stores/otp-store.js';

interface Mark {
  readonly key: string;
  /** No other call writes the same. */
  readonly value: string;
  readonly ttlSeconds: number;
}

/**
 * `putIfAbsent` for what may be done again when this fails. A call that failed may have written its mark all the same (the
 * answer was lost, replicas are missing): it is taken away then, so that the repeat does not find itself done. Nobody waits.
 */
export async function claimMark(marks: MarkStore, mark: Mark): Promise<string | undefined> {
  try {
    return await marks.putIfAbsent(mark.key, mark.value, mark.ttlSeconds);
  } catch (error) {
    if (error instanceof StoreUnavailableError) {
      void release(marks, mark).catch(() => undefined);
    }
    throw error;
  }
}

/** Nobody else can have written in between: a mark that is there stays. */
async function release(marks: MarkStore, { key, value }: Mark): Promise<void> {
  if ((await marks.get(key)) === value) {
    await marks.delete(key);
  }
}
