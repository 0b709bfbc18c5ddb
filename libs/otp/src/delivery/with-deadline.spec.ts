import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeadlineError, withDeadline } from './with-deadline.js';

const forever = () => new Promise<never>(() => undefined);

describe('withDeadline', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives what the task gives, and leaves nothing behind', async () => {
    const controller = new AbortController();
    await expect(withDeadline({ timeoutSeconds: 1, signal: controller.signal }, async () => 7)).resolves.toBe(7);
    await expect(withDeadline({ timeoutSeconds: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('L1 ends in time although the task does not listen, and aborts its signal', async () => {
    let seen: AbortSignal | undefined;
    const ended = withDeadline({ timeoutSeconds: 5 }, (signal) => {
      seen = signal;
      return forever();
    }).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(seen?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toBeInstanceOf(DeadlineError);
    expect(seen?.aborted).toBe(true);
  });

  it('L1 ends with the caller’s signal', async () => {
    const controller = new AbortController();
    const ended = withDeadline({ timeoutSeconds: 5, signal: controller.signal }, forever);
    controller.abort();
    await expect(ended).rejects.toThrow('stopped by the caller');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin when the caller has stopped before', async () => {
    const task = vi.fn<typeof forever>(forever);
    await expect(withDeadline({ timeoutSeconds: 5, signal: AbortSignal.abort() }, task)).rejects.toThrow(DeadlineError);
    expect(task).not.toHaveBeenCalled();
  });
});
