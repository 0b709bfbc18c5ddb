/** The time was over, or the caller stopped, before the task ended. What the task did until then is not known. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

export interface DeadlineOptions {
  readonly timeoutSeconds: number;
  /** Stops as well when this aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a task with a signal that aborts when its time is over. Ends then even if the task does not listen to the signal;
 * what such a task still does is ignored.
 *
 * @throws DeadlineError when the time was over first, and whatever the task throws.
 */
export function withDeadline<T>(options: DeadlineOptions, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { timeoutSeconds, signal } = options;
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const stop = (message: string) => {
      release();
      const error = new DeadlineError(message);
      reject(error);
      controller.abort(error);
    };
    const onAbort = () => stop('stopped by the caller');
    const timer = setTimeout(() => stop('no answer in time'), timeoutSeconds * 1000);
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted === true) {
      onAbort();
      return;
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    task(controller.signal).then(resolve, reject).finally(release);
  });
}
