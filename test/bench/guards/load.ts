import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface LoadOrder {
  readonly port: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly refused: number;
}

/** Asks from a thread of its own, so that the server's thread does nothing but serve. */
export class Load {
  private readonly worker = new Worker(new URL('./load-worker.js', import.meta.url));

  async run(order: LoadOrder): Promise<LoadResult> {
    const answered = once(this.worker, 'message');
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker is no window and has no origin
    this.worker.postMessage(order);
    const [result] = await answered;
    return result;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
