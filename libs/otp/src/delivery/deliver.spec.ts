import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { RecordingTransport } from '../testing/recording-transport.js';
import { type CircuitChange, Deliverer, type DelivererOptions } from './deliver.js';
import type { OutgoingMessage, SmsTransport } from './sms-transport.js';

const message: OutgoingMessage = {
  to: '+31612345678',
  text: '918273 is your Acme code.',
  channel: 'sms',
  country: 'NL',
  locale: 'en',
  purpose: 'login',
  code: '918273',
  ttlSeconds: 300,
};

let clock: ManualClock;
let a: RecordingTransport;
let b: RecordingTransport;
let c: RecordingTransport;

beforeEach(() => {
  clock = new ManualClock();
  [a, b, c] = [named('a'), named('b'), named('c')];
});

afterEach(() => {
  vi.useRealTimers();
});

const named = (name: string) => new RecordingTransport({ name });
const chain = (options: Partial<DelivererOptions> = {}) =>
  new Deliverer({ transports: [a, b, c], sendTimeoutSeconds: 10, clock, ...options });
/** Who took the messages. */
const taken = () => [a, b, c].flatMap(({ name, messages }) => messages.map(() => name)).join('');

describe('a message’s way through the transports', () => {
  it('ends at the first that takes it', async () => {
    const delivery = await chain().deliver(message);
    expect(delivery).toEqual({ outcome: 'accepted', messageId: 'a-1', transport: 'a', earlier: [] });
    expect(taken()).toBe('a');
  });

  it('begins at the first that has the channel', async () => {
    const voice: SmsTransport = { name: 'voice', channels: ['voice'], send: () => Promise.reject(new Error('asked')) };
    expect(await chain({ transports: [voice, a] }).deliver(message)).toMatchObject({ transport: 'a', earlier: [] });
  });

  it('fails definitely when no transport has the channel', async () => {
    const delivery = await chain({ transports: [] }).deliver(message);
    expect(delivery).toMatchObject({ reason: 'configuration', transport: 'none', earlier: [] });
  });

  it('passes over one that cannot carry this message, which says nothing of its health', async () => {
    const mute: SmsTransport = {
      name: 'mute',
      channels: ['sms'],
      carries: () => false,
      send: () => Promise.reject(new Error('asked')),
    };
    const odd: SmsTransport = {
      name: 'odd',
      channels: ['sms'],
      send: async () => ({ outcome: 'accepted', messageId: 'odd-1' }),
      carries: () => {
        throw new Error('no');
      },
    };
    const deliverer = chain({ transports: [mute, odd], options: { circuitBreaker: { failures: 1 } } });
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'odd', earlier: [] });
    expect(deliverer.transports().map(({ circuit }) => circuit)).toEqual(['closed', 'closed']);
  });

  it('follows the order for its country', async () => {
    const options = { order: [{ countries: ['NL'], transports: ['c', 'b'] }] };
    c.failNext('quota');
    expect(await chain({ options }).deliver(message)).toMatchObject({
      transport: 'b',
      earlier: [{ transport: 'c', reason: 'quota' }],
    });
    expect(await chain({ options }).deliver({ ...message, country: 'BE' })).toMatchObject({ transport: 'a' });
  });

  it.each(['transient', 'quota', 'configuration'] as const)(
    'goes on after %s, with the same message',
    async (reason) => {
      a.failNext(reason);
      b.failNext(reason);
      expect(await chain().deliver(message)).toEqual({
        outcome: 'accepted',
        messageId: 'c-1',
        transport: 'c',
        earlier: [
          { outcome: 'failed', reason, transport: 'a' },
          { outcome: 'failed', reason, transport: 'b' },
        ],
      });
      expect(c.lastTo(message.to)).toEqual({ ...message, messageId: 'c-1' });
    },
  );

  it.each(['invalid-recipient', 'opted-out', 'blocked-destination'] as const)(
    'C1 stops at %s: another provider is no way round it',
    async (reason) => {
      a.failNext('transient');
      b.failNext(reason);
      expect(await chain({ options: { afterUnknownOutcome: 'next' } }).deliver(message)).toEqual({
        outcome: 'failed',
        reason,
        transport: 'b',
        earlier: [{ outcome: 'failed', reason: 'transient', transport: 'a' }],
      });
      expect(taken()).toBe('');
    },
  );

  it('case 56 stops at an unknown outcome', async () => {
    a.throwNext();
    expect(await chain().deliver(message)).toMatchObject({ reason: 'unknown-outcome', transport: 'a', earlier: [] });
    expect(taken()).toBe('');
  });

  it('goes on after an unknown outcome where the options say so', async () => {
    a.throwNext();
    expect(await chain({ options: { afterUnknownOutcome: 'next' } }).deliver(message)).toMatchObject({
      outcome: 'accepted',
      transport: 'b',
      earlier: [{ transport: 'a', reason: 'unknown-outcome' }],
    });
  });

  it('fails with the last definite failure when all failed definitely', async () => {
    a.failNext('transient');
    b.failNext('configuration');
    c.failNext('quota');
    const delivery = await chain().deliver(message);
    expect(delivery).toMatchObject({ reason: 'quota', transport: 'c' });
    expect(delivery.earlier.map(({ transport }) => transport)).toEqual(['a', 'b']);
  });

  it('case 56 stays unknown when a later one failed definitely: the message may still arrive', async () => {
    a.failNext('transient');
    b.throwNext();
    c.failNext('opted-out');
    const delivery = await chain({ options: { afterUnknownOutcome: 'next' } }).deliver(message);
    expect(delivery).toMatchObject({ reason: 'unknown-outcome', transport: 'b' });
    expect(delivery.earlier).toMatchObject([
      { transport: 'a', reason: 'transient' },
      { transport: 'c', reason: 'opted-out' },
    ]);
  });

  it('tells each transport its own address for receipts', async () => {
    const seen: unknown[] = [];
    const curious = (name: string): SmsTransport => ({
      name,
      channels: ['sms'],
      send: async (_, { receiptUrl }) => {
        seen.push(receiptUrl);
        return { outcome: 'failed', reason: 'transient' };
      },
    });
    const receiptUrlOf = ({ name }: SmsTransport) => (name === 'x' ? 'https://api.acme.com/otp/webhooks/x' : undefined);
    await chain({ transports: [curious('x'), curious('y')], receiptUrlOf }).deliver(message);
    expect(seen).toEqual(['https://api.acme.com/otp/webhooks/x', undefined]);
  });
});

describe('L1 its deadlines', () => {
  /** Fails definitely after some seconds. */
  const slow = (name: string, seconds: number): SmsTransport => ({
    name,
    channels: ['sms'],
    send: () =>
      new Promise((resolve) => {
        setTimeout(() => resolve({ outcome: 'failed', reason: 'transient' }), seconds * 1000);
      }),
  });

  async function deliver(options: Partial<DelivererOptions>) {
    vi.useFakeTimers();
    let seconds = 0;
    const delivery = chain(options)
      .deliver(message)
      .then((result) => ({ ...result, seconds }));
    for (; seconds < 60; seconds += 0.5) {
      await vi.advanceTimersByTimeAsync(500);
    }
    return delivery;
  }

  it('each attempt has its own', async () => {
    a.hangNext();
    const options = { afterUnknownOutcome: 'next' } as const;
    expect(await deliver({ sendTimeoutSeconds: 4, options })).toMatchObject({
      outcome: 'accepted',
      transport: 'b',
      seconds: 3.5,
    });
  });

  it('all together have one of 20 s: a request that is out then has an unknown outcome', async () => {
    c.hangNext();
    expect(await deliver({ transports: [slow('x', 9), slow('y', 9), c] })).toMatchObject({
      reason: 'unknown-outcome',
      transport: 'c',
      seconds: 19.5,
    });
  });

  it('no attempt begins when too little is left, and the failure before it stands', async () => {
    const delivery = await deliver({ transports: [slow('x', 9.7), slow('y', 9.7), c] });
    expect(delivery).toMatchObject({ reason: 'transient', transport: 'y', earlier: [{ transport: 'x' }] });
    expect(taken()).toBe('');
  });

  it('a short one for all shortens the attempts, and still has room for several', async () => {
    a.hangNext();
    const options = { totalTimeoutSeconds: 3, afterUnknownOutcome: 'next' } as const;
    expect(await deliver({ options })).toMatchObject({ reason: 'unknown-outcome', transport: 'a', seconds: 2.5 });
    expect(await deliver({ transports: [slow('x', 2), b], options })).toMatchObject({ transport: 'b' });
  });

  it('the first attempt always begins', async () => {
    expect(await deliver({ options: { totalTimeoutSeconds: 1 } })).toMatchObject({ outcome: 'accepted' });
  });

  it('leaves no timer behind', async () => {
    vi.useFakeTimers();
    a.failNext('transient');
    await chain().deliver(message);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a transport whose circuit is open', () => {
  const circuitBreaker = { failures: 2, openSeconds: 30 };
  const options = { circuitBreaker };
  let changes: CircuitChange[];

  beforeEach(() => {
    changes = [];
  });

  /** A chain in which `a` failed twice. */
  async function afterFailures(more: Partial<DelivererOptions> = {}) {
    const deliverer = chain({ options, onCircuit: (change) => changes.push(change), ...more });
    for (let count = 0; count < circuitBreaker.failures; count += 1) {
      a.failNext('transient');
      await deliverer.deliver(message);
    }
    b.clear();
    return deliverer;
  }

  it('is asked last, and tells it once', async () => {
    const deliverer = await afterFailures();
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'b', earlier: [] });
    b.failNext('transient');
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'c' });
    expect(taken()).toBe('bc');
    expect(changes).toEqual([{ transport: 'a', state: 'open' }]);
    expect(deliverer.transports().map(({ name, circuit }) => [name, circuit])).toEqual([
      ['a', 'open'],
      ['b', 'closed'],
      ['c', 'closed'],
    ]);
  });

  it('loses no message: when nobody else can send, it is asked all the same, and closes when it can', async () => {
    const deliverer = await afterFailures();
    b.failNext('quota');
    c.failNext('quota');
    const delivery = await deliverer.deliver(message);
    expect(delivery).toMatchObject({ outcome: 'accepted', transport: 'a' });
    expect(delivery.earlier.map(({ transport }) => transport)).toEqual(['b', 'c']);
    expect(changes).toEqual([
      { transport: 'a', state: 'open' },
      { transport: 'a', state: 'closed' },
    ]);
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'a', earlier: [] });
  });

  it('loses no message when it is the only one, or all are open: among equals their order stands', async () => {
    const alone = await afterFailures({ transports: [a] });
    expect(await alone.deliver(message)).toMatchObject({ outcome: 'accepted', transport: 'a' });

    const all = chain({ options });
    for (let count = 0; count < 2; count += 1) {
      [a, b, c].forEach((transport) => transport.failNext('transient'));
      await all.deliver(message);
    }
    expect(all.transports().map(({ circuit }) => circuit)).toEqual(['open', 'open', 'open']);
    a.failNext('transient');
    expect(await all.deliver(message)).toMatchObject({ transport: 'b', earlier: [{ transport: 'a' }] });
  });

  it('where all are open, the one that failed longest ago is asked: whoever works again is found at once', async () => {
    const deliverer = chain({ options });
    const failAll = async () => {
      for (const transport of [a, b, c]) {
        transport.failNext('transient');
        clock.advanceSeconds(1);
      }
      await deliverer.deliver(message);
    };
    await failAll();
    await failAll();
    a.throwNext();
    clock.advanceSeconds(1);
    expect(await deliverer.deliver(message)).toMatchObject({ reason: 'unknown-outcome', transport: 'a' });
    expect(await deliverer.deliver(message)).toMatchObject({ outcome: 'accepted', transport: 'b', earlier: [] });
    expect(await deliverer.deliver(message)).toMatchObject({ outcome: 'accepted', transport: 'b', earlier: [] });
  });

  it('has its turn again after its time, for one message at once', async () => {
    vi.useFakeTimers();
    const deliverer = await afterFailures();
    clock.advanceSeconds(30);
    a.hangNext();
    const probe = deliverer.deliver(message);
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'b', earlier: [] });
    expect(deliverer.transports()).toMatchObject([{ circuit: 'half-open' }, {}, {}]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await probe).toMatchObject({ reason: 'unknown-outcome', transport: 'a' });
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'b', earlier: [] });
    clock.advanceSeconds(30);
    expect(await deliverer.deliver(message)).toMatchObject({ transport: 'a', earlier: [] });
    expect(changes).toEqual([
      { transport: 'a', state: 'open' },
      { transport: 'a', state: 'closed' },
    ]);
  });

  it('is passed over as soon as it opens, also by messages that were on their way', async () => {
    let refuse: () => void = () => undefined;
    const x: SmsTransport = {
      name: 'x',
      channels: ['sms'],
      send: () => new Promise((resolve) => (refuse = () => resolve({ outcome: 'failed', reason: 'transient' }))),
    };
    const order = [{ countries: ['BE'], transports: ['a', 'b'] }];
    const deliverer = chain({ transports: [x, a, b], options: { ...options, order } });
    const onItsWay = deliverer.deliver(message);
    a.failNext('transient');
    a.failNext('transient');
    await deliverer.deliver({ ...message, country: 'BE' });
    await deliverer.deliver({ ...message, country: 'BE' });
    refuse();
    expect(await onItsWay).toMatchObject({ transport: 'b', earlier: [{ transport: 'x' }] });
  });

  it('opens for nobody whose number is refused', async () => {
    const deliverer = chain({ options });
    for (let count = 0; count < 5; count += 1) {
      a.failNext('invalid-recipient');
      await deliverer.deliver(message);
    }
    expect(deliverer.transports()).toMatchObject([{ circuit: 'closed' }, {}, {}]);
  });
});
