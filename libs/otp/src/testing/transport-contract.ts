import assert from 'node:assert/strict';
import {
  SEND_FAILURE_REASONS,
  type OutgoingMessage,
  type SendResult,
  type SmsTransport,
} from '../delivery/sms-transport.js';
import { TRANSPORT_NAME } from '../delivery/transport-name.js';
import { CHANNELS } from '../phone/channel.js';

/** One case; any test runner can run it. */
export interface TransportContractCase {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** Makes the transport under test, each time before a provider that behaves in one way. */
export interface TransportContractOptions {
  /** The provider accepts every message. */
  readonly accepting: () => SmsTransport | Promise<SmsTransport>;
  /** The provider refuses every message and repeats number and text in its answer. */
  readonly refusing?: () => SmsTransport | Promise<SmsTransport>;
  /** The provider takes the request and never answers. */
  readonly silent?: () => SmsTransport | Promise<SmsTransport>;
}

const CODE = '918273';
const NUMBER = '+31612345678';

const outgoing = (channel: OutgoingMessage['channel']): OutgoingMessage => ({
  to: NUMBER,
  text: `${CODE} is your Acme code. It expires in 5 minutes. Never share it.\n\n@app.acme.com #${CODE}`,
  channel,
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
});

/**
 * What every `SmsTransport` must do. Run each case in your own tests:
 *
 * @example
 * for (const { name, run } of transportContract({ accepting: () => new AcmeSms(fakeServer.url) })) it(name, run);
 */
export function transportContract(options: TransportContractOptions): readonly TransportContractCase[] {
  const { accepting, refusing, silent } = options;
  const cases: TransportContractCase[] = [
    { name: 'has a name and channels', run: async () => describesItself(await accepting()) },
    { name: 'accepts a message and gives its id', run: async () => acceptsMessages(await accepting()) },
    { name: 'does not send when it is stopped before', run: async () => heedsAnAbortBefore(await accepting()) },
  ];
  if (refusing !== undefined) {
    cases.push({
      name: 'A6 classes a refusal and repeats nothing',
      run: async () => classesARefusal(await refusing()),
    });
  }
  if (silent !== undefined) {
    cases.push({ name: 'L1 ends when its signal aborts', run: async () => endsOnAbort(await silent()) });
  }
  return cases;
}

function describesItself(transport: SmsTransport): void {
  assert.match(transport.name, TRANSPORT_NAME);
  assert.ok(transport.channels.length > 0, 'has no channel');
  assert.ok(
    transport.channels.every((channel) => CHANNELS.includes(channel)),
    'has an unknown channel',
  );
}

async function acceptsMessages(transport: SmsTransport): Promise<void> {
  const signal = new AbortController().signal;
  const message = outgoing(channelOf(transport));
  const before = structuredClone(message);
  const results = await Promise.all([1, 2, 3].map(() => transport.send(message, { signal })));
  const ids = results.map((result) => (result.outcome === 'accepted' ? result.messageId : assert.fail(result.reason)));
  for (const id of ids) {
    assert.match(id, /^[\x21-\x7E]{1,255}$/);
    assert.ok(!id.includes(CODE) && !id.includes(NUMBER.slice(1)), 'the id holds the code or the number');
  }
  assert.equal(new Set(ids).size, ids.length, 'ids repeat');
  assert.deepEqual(message, before, 'the message was changed');
}

async function heedsAnAbortBefore(transport: SmsTransport): Promise<void> {
  const result = await outcomeOf(transport, AbortSignal.abort());
  assert.notEqual(result, 'accepted');
}

async function classesARefusal(transport: SmsTransport): Promise<void> {
  const result = await transport.send(outgoing(channelOf(transport)), { signal: new AbortController().signal });
  assert.equal(result.outcome, 'failed');
  assert.ok(SEND_FAILURE_REASONS.includes(result.reason), 'the reason is unknown');
  const shown = JSON.stringify(result);
  assert.ok(!shown.includes(CODE) && !shown.includes(NUMBER.slice(-8)), 'the detail repeats the code or the number');
}

async function endsOnAbort(transport: SmsTransport): Promise<void> {
  const controller = new AbortController();
  const ended = outcomeOf(transport, controller.signal);
  controller.abort();
  assert.notEqual(await ended, 'accepted');
}

/** A transport may also throw when it is stopped. */
async function outcomeOf(transport: SmsTransport, signal: AbortSignal): Promise<string> {
  try {
    const result: SendResult = await transport.send(outgoing(channelOf(transport)), { signal });
    return result.outcome;
  } catch {
    return 'threw';
  }
}

function channelOf(transport: SmsTransport): OutgoingMessage['channel'] {
  return transport.channels[0] ?? assert.fail('has no channel');
}
