import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { ProcessSample } from './messages.js';

const NANOSECONDS = 1e6;
const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();

/** Of the process that asks, which must run with `--expose-gc`. */
export async function measureProcess(): Promise<ProcessSample> {
  const loopDelayMs = delays.max / NANOSECONDS;
  // Twice, with a turn of the loop between: finalizers of the first release what the second collects.
  global.gc?.();
  await setImmediate();
  global.gc?.();
  const { heapUsed: heapBytes, rss: rssBytes } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    resources[kind] = (resources[kind] ?? 0) + 1;
  }
  // Last: reading the folder is itself a request under way.
  const descriptors = (await readdir('/proc/self/fd').catch(() => [])).length;
  delays.reset();
  return { heapBytes, rssBytes, descriptors, resources, loopDelayMs };
}

/** The measuring has a timer of its own. */
export function stopMeasuring(): void {
  delays.disable();
}
