import type { Tried } from '../fuzz.js';
import type { FuzzTarget } from '../target.js';
import type { WireClient } from './wire-client.js';
import { isWellFramed, toBytes, type WireRequest } from './wire-request.js';

/** Below it an answer is there before a server that refuses the body has closed the connection. */
const SMALL_BODY_BYTES = 65_536;
/** Routes of the module; what else an adapter answers there is an error. */
const OWN = /^\/otp\//;
/** Of providers that must be asked, and whom nobody answers here. */
const ASKING = /\/webhooks\/(?:esendex|aws)\b/;

export interface Batch {
  readonly requests: readonly WireRequest[];
  readonly clients: readonly WireClient[];
  /** What stands for names in braces. */
  readonly known: ReadonlyMap<string, string>;
  readonly tried: Tried;
}

/** Sends the requests over several connections at once and looks at every answer. */
export async function sendBatch({ watch }: FuzzTarget, { requests, clients, known, tried }: Batch): Promise<void> {
  const waiting = requests.values();
  const work = async (client: WireClient) => {
    // All connections take from the same list.
    for (const request of waiting) {
      const bytes = toBytes(request, known);
      const wellFramed = isWellFramed(request);
      const exchange = await client.send({ bytes, isHead: request.method === 'HEAD', isWellFramed: wellFramed });
      if (exchange.outcome === 'answered') {
        tried.add(`${Math.floor(exchange.answer.status / 100)}xx`);
        watch.answered(exchange.answer, { request: bytes, mayWait: ASKING.test(request.path) });
        if (OWN.test(request.path) && request.method !== 'OPTIONS') {
          watch.keptByNobody(exchange.answer);
        }
        continue;
      }
      tried.add(exchange.outcome);
      if (exchange.outcome === 'hang' || (wellFramed && request.body.length < SMALL_BODY_BYTES)) {
        watch.fail(`${exchange.outcome}: ${bytes.toString('latin1').slice(0, 3000)}`);
      }
    }
  };
  await Promise.all(clients.map(work));
}
