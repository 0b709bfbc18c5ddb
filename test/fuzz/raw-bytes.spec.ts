import * as fc from 'fast-check';
import { memoryStore } from 'nestjs-sms-otp';
import { ManualClock } from 'nestjs-sms-otp/testing';
import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import { ADAPTERS } from '../support/otp-app.js';
import { nearly } from './arbitraries/texts.js';
import { requests } from './arbitraries/requests.js';
import { assertHolds, FUZZ_TIMEOUT_MS, Tried } from './fuzz.js';
import { allRoutes } from './routes.js';
import { type FuzzTarget, startTarget } from './target.js';
import { WireClient } from './wire/wire-client.js';
import { toBytes, type WireRequest } from './wire/wire-request.js';

const timeout = FUZZ_TIMEOUT_MS;
const NOTHING_KNOWN: ReadonlyMap<string, string> = new Map();
const BODY = '{"phoneNumber":"+31612345678"}';
const HEAD = 'POST /otp/challenges HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** Chunks that are wrong in every part, and lengths that contradict them. */
const CHUNKED = [
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n1e\r\n${BODY}\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n1e;a=b\r\n${BODY}\r\n0\r\nTrailer: a\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n-1\r\n${BODY}\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n${BODY}`,
  `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 30\r\n\r\n1e\r\n${BODY}\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: identity, chunked\r\n\r\n1e\r\n${BODY}\r\n0\r\n\r\n`,
  `${HEAD}Content-Length: 30\r\nContent-Length: 31\r\n\r\n${BODY}`,
];

/** What is sent over one connection before the client has enough of it. */
function bytes(request: fc.Arbitrary<WireRequest>): fc.Arbitrary<Buffer> {
  const whole = request.map((one) => toBytes(one, NOTHING_KNOWN));
  const half = fc
    .tuple(whole, fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([one, part]) => one.subarray(0, Math.floor(one.length * part)));
  const flipped = fc
    .tuple(whole, fc.nat(4_000), fc.integer({ min: 1, max: 255 }))
    .map(([one, at, mask]) => flip(one, at, mask));
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(whole, { minLength: 2, maxLength: 5 }).map((all) => Buffer.concat(all)) },
    { weight: 3, arbitrary: fc.tuple(whole, half).map((parts) => Buffer.concat(parts)) },
    { weight: 3, arbitrary: flipped },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...CHUNKED)
        .chain((text) => fc.oneof(fc.constant(text), nearly(text)))
        .map((text) => Buffer.from(text)),
    },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 300 }).map((all) => Buffer.from(all)) },
  );
}

function flip(request: Buffer, at: number, mask: number): Buffer {
  const copy = Buffer.from(request);
  const place = at % Math.max(copy.length, 1);
  copy[place] = (copy[place] ?? 0) ^ mask;
  return copy;
}

/** Whatever came before, the application still answers. */
async function checkAlive({ otp, watch }: FuzzTarget, client: WireClient): Promise<void> {
  const request = toBytes(
    { method: 'GET', path: '/otp/challenges/x', headers: [], body: Buffer.alloc(0), framing: 'untold' },
    NOTHING_KNOWN,
  );
  const exchange = await client.send({ bytes: request, isHead: false, isWellFramed: true });
  if (exchange.outcome !== 'answered' || exchange.answer.status !== 410) {
    watch.fail(`${otp.url} does not answer any more: ${JSON.stringify(exchange)}`);
  }
}

describe('J1 I2 bytes that are no requests, halves of them, and several at once', () => {
  it.each(ADAPTERS)('are answered or cut off on %s', { timeout }, async (adapter) => {
    const clock = new ManualClock();
    const target = await startTarget({ adapter, clock, store: memoryStore({ clock }) });
    const port = Number(new URL(target.otp.url).port);
    const [client, healthy] = [new WireClient(port), new WireClient(port)];
    const tried = new Tried();
    const property = fc.asyncProperty(bytes(requests(await allRoutes())), async (sent) => {
      clock.advanceSeconds(60);
      const exchange = await client.send({
        bytes: sent,
        isHead: sent.toString('latin1', 0, 5) === 'HEAD ',
        isWellFramed: false,
      });
      tried.add(exchange.outcome === 'answered' ? `${Math.floor(exchange.answer.status / 100)}xx` : exchange.outcome);
      if (exchange.outcome === 'answered') {
        target.watch.answered(exchange.answer, { request: sent, mayWait: /webhooks/.test(sent.toString('latin1')) });
      } else if (exchange.outcome === 'hang') {
        target.watch.fail(`hang: ${sent.toString('latin1')}`);
      }
      await checkAlive(target, healthy);
      target.watch.check();
      return true;
    });
    try {
      await assertHolds(property, { runs: effort(25, 4_000), tried });
    } finally {
      client.close();
      healthy.close();
      await target.close();
    }
  });
});
