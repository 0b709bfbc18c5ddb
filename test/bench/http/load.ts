import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { CodeBoard } from './code-board.js';
import type { ServerOptions } from './measured-server.js';

export interface LoadOrder {
  /** Issue; issue and the right answer; or all that attackers and users send to verify. */
  readonly job: 'issue' | 'cycle' | 'flood';
  readonly connections: number;
  readonly seconds: number;
}

/** What the thread that asks is told once. */
export interface LoadTarget {
  readonly port: number;
  readonly dialect: ServerOptions['kind'];
  readonly codeMemory: SharedArrayBuffer;
}

export interface LoadCount {
  /** Jobs; of a flood, requests. */
  readonly perSecond: number;
}

export interface LoadResult extends LoadCount {
  /** How late the server's event loop came, meanwhile. */
  readonly loopDelayMs: { readonly p99: number; readonly max: number };
}

const LOOP_RESOLUTION_MS = 1;

/** Asks the server of this process from a thread of its own, so that the server's thread does nothing but serve. */
export class Load {
  private readonly worker: Worker;

  constructor({ codes, port, dialect }: Omit<LoadTarget, 'codeMemory'> & { readonly codes: CodeBoard }) {
    const workerData: LoadTarget = { port, dialect, codeMemory: codes.memory };
    this.worker = new Worker(new URL('./load-worker.js', import.meta.url), { workerData });
  }

  async run(order: LoadOrder): Promise<LoadResult> {
    const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    delay.enable();
    const counted = once(this.worker, 'message');
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker is no window and has no origin
    this.worker.postMessage(order);
    const [count]: LoadCount[] = await counted;
    delay.disable();
    // It measures from one timer to the next.
    const lateMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS);
    const loopDelayMs = { p99: lateMs(delay.percentile(99)), max: lateMs(delay.max) };
    return { perSecond: count?.perSecond ?? Number.NaN, loopDelayMs };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
