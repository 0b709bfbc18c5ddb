import autocannon from 'autocannon';
import { quantile } from '../rounds.js';

export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requests: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONNECTIONS = 10;
const BODY = JSON.stringify({ amount: '10.00', payee: 'NL91ABNA0417164300' });

/**
 * Asks with `autocannon`, one request at a time on each connection. Times are taken from each answer: the histogram of
 * its report knows whole milliseconds only.
 *
 * @throws Error when a request is refused
 */
export async function load({ url, headers, requests }: LoadOptions): Promise<LoadResult> {
  const waits: number[] = [];
  const startedAt = performance.now();
  let endedAt = startedAt;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: BODY,
        connections: CONNECTIONS,
        amount: requests,
        // How often it looks whether all are answered, in milliseconds.
        sampleInt: 20,
      },
      (error: Error | null, report) => (error === null ? resolve(report) : reject(error)),
    );
    instance.on('response', (_client, _status, _bytes, waitedMs) => {
      waits.push(waitedMs);
      endedAt = performance.now();
    });
  });
  if (result['2xx'] !== requests) {
    throw new Error(`${url}: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`);
  }
  return {
    perSecond: (requests * 1000) / (endedAt - startedAt),
    p50Ms: quantile(waits, 0.5),
    p99Ms: quantile(waits, 0.99),
  };
}
