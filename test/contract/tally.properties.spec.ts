import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { memoryStore } from '../../libs/otp/src/stores/memory/index.js';
import {
  SPANS,
  type Budget,
  type OtpStore,
  type TallyCharge,
  type TallyRequest,
} from '../../libs/otp/src/stores/otp-store.js';
import { redisStore } from '../../libs/otp/src/stores/redis/index.js';
import { ManualClock } from '../../libs/otp/src/testing/manual-clock.js';
import { startRedis, type RedisServer } from '../support/redis-server.js';
import { TallyModel } from '../support/tally-model.js';

const SLOT_MS = 10_000;

function budget(floor: number, windowSeconds: number, overrides: Partial<Budget> = {}): Budget {
  return { name: `${floor}/${windowSeconds}`, counts: 'unanswered', windowSeconds, floor, share: 0, ...overrides };
}

function tally(kind: 'ip' | 'prefix' | 'country', ...budgets: readonly Budget[]): Omit<TallyRequest, 'amount'> {
  return { key: { kind, index: kind.padEnd(16, '_') }, tally: 'sends', budgets, take: true };
}

/** Windows that reach into spans of every width. */
const ip = tally('ip', budget(4, 60), budget(6, 600), budget(9, 7200, { counts: 'all' }));
const prefix = tally('prefix', budget(5, 3600, { young: { seconds: 60, upTo: 3, share: 0 } }));
const country = tally('country', budget(12, 86_400), budget(20, 200_000, { counts: 'all' }));

const windowsMs = [60, 600, 3600, 7200, 86_400, 200_000].map((seconds) => seconds * 1000);

const take = fc.record({
  do: fc.constant('take' as const),
  tallies: fc.constantFrom([ip], [prefix], [country], [ip, prefix], [country, ip, prefix]),
  amount: fc.integer({ min: 1, max: 3 }),
  value: fc.constantFrom('DE', 'FR', 'IT', 'ES'),
});

const edge = fc.tuple(fc.constantFrom(...windowsMs), fc.integer({ min: -15_000, max: 15_000 }));

const step = fc.oneof(
  { weight: 6, arbitrary: take },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('giveBack' as const, 'settle' as const), charge: fc.nat(50) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      ms: fc.oneof(
        { weight: 3, arbitrary: fc.nat(15_000) },
        { weight: 2, arbitrary: fc.nat(200_000) },
        { weight: 1, arbitrary: fc.integer({ min: -5_000, max: 0 }) },
        { weight: 2, arbitrary: edge.map(([windowMs, ms]) => windowMs + ms) },
        { weight: 1, arbitrary: fc.nat(90_000_000) },
      ),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function requestsOf({ tallies, amount, value }: Extract<Step, { do: 'take' }>): TallyRequest[] {
  return tallies.map((of) => ({
    ...of,
    amount,
    ...(of === ip && { distinct: { name: 'values', value, limit: 2, share: 0, windowSeconds: 3600 } }),
  }));
}

/** By exact counts, over a window that is longer by `slackMs`, or over as little as may be called young. */
function exceeds(
  { floor, counts, windowSeconds, young }: Budget,
  request: TallyRequest,
  { model, at, slackMs }: { readonly model: TallyModel; readonly at: number; readonly slackMs: number },
): boolean {
  const counted = model.count(request, counts, at - windowSeconds * 1000 - slackMs);
  const youngSince = at - (young?.seconds ?? 0) * 1000 + (slackMs > 0 ? SLOT_MS - 1 : 0);
  const overlooked = young ? Math.min(young.upTo, model.count(request, 'unanswered', youngSince)) : 0;
  return counted - overlooked + request.amount > floor;
}

function spanMs({ windowSeconds }: Budget): number {
  return SPANS.find(({ upToAgeMs }) => windowSeconds * 1000 <= upToAgeMs)?.widthMs ?? 0;
}

/** Seen to fail in memory when spans count from their oldest amount, and when merging forgets sums. */
class Comparison {
  private readonly model = new TallyModel();
  private readonly charges: TallyCharge[] = [];
  /** Of the store's clock, which may have been set back since. */
  private latest = 0;

  constructor(
    private readonly store: OtpStore,
    private readonly clock: ManualClock,
  ) {}

  async run(steps: readonly Step[]): Promise<void> {
    for (const action of steps) {
      this.latest = Math.max(this.latest, this.clock.now());
      if (action.do === 'move') {
        this.clock.advanceMs(action.ms);
      } else if (action.do === 'take') {
        await this.take(requestsOf(action));
      } else {
        await this.amend(action);
      }
    }
  }

  private async take(requests: readonly TallyRequest[]): Promise<void> {
    const now = this.clock.now();
    const decision = await this.store.limits.take(requests);
    assert.ok(decision.outcome !== 'no_such_lane');
    assert.equal(decision.now, now);
    if (decision.outcome === 'refused') {
      this.assertJustified(requests, now);
      await this.assertWaitIsEnough(requests, decision.retryAfterMs);
      return;
    }
    assert.equal(decision.charges.length, requests.length);
    for (const [index, request] of requests.entries()) {
      const charge = decision.charges[index];
      assert.ok(charge && 'tally' in charge && charge.at >= now);
      this.assertWithin(request, charge.at);
      this.model.take(charge);
      this.charges.push(charge);
    }
  }

  /** While one waits for another limit, what was young grows old and may refuse in its turn, once. */
  private async assertWaitIsEnough(requests: readonly TallyRequest[], retryAfterMs: number): Promise<void> {
    const hasYoung = requests.some(({ budgets }) => budgets.some(({ young }) => young));
    let waitMs = retryAfterMs;
    for (let waits = hasYoung ? 2 : 1; waits > 0 && waitMs > 0; waits--) {
      this.clock.advanceMs(waitMs);
      const later = await this.store.limits.take(requests.map((request) => ({ ...request, take: false })));
      waitMs = later.outcome === 'refused' ? later.retryAfterMs : 0;
    }
    assert.equal(waitMs, 0, `the wait of ${retryAfterMs} ms was not enough`);
  }

  private assertWithin(request: TallyRequest, at: number): void {
    for (const one of request.budgets) {
      assert.ok(!exceeds(one, request, { model: this.model, at, slackMs: 0 }), `more than ${one.name} were admitted`);
    }
    assert.ok(!this.model.hasTooManyValues(request, at), 'another value was admitted');
  }

  private assertJustified(requests: readonly TallyRequest[], now: number): void {
    const isJustified = requests.some((request) => {
      const at = Math.max(now, this.model.newestAt(request));
      return (
        this.model.mayRefuseValue(request, at) ||
        request.budgets.some((one) => exceeds(one, request, { model: this.model, at, slackMs: spanMs(one) }))
      );
    });
    assert.ok(isJustified, 'refused where even a window longer by a span would admit');
  }

  /** Each charge once, and while its span is there, as an application does. */
  private async amend(action: Extract<Step, { charge: number }>): Promise<void> {
    const index = action.charge % Math.max(this.charges.length, 1);
    const charge = this.charges[index];
    const longestMs = charge?.key.kind === 'country' ? 200_000_000 : 3_600_000;
    if (charge && charge.at > this.latest - longestMs) {
      this.charges.splice(index, 1);
      this.model[action.do](charge);
      await this.store.limits[action.do]([charge]);
    }
  }
}

function property(create: (clock: ManualClock) => Promise<OtpStore>) {
  return fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
    const clock = new ManualClock();
    const store = await create(clock);
    await new Comparison(store, clock).run(steps);
    await store.close();
  });
}

describe('tallies keep their bounds by exact counts', () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  it('B7 in memory', async () => {
    await fc.assert(
      property(async (clock) => memoryStore({ clock })),
      { numRuns: 1_000 },
    );
  });

  it('B7 in Redis', async () => {
    const create = async (clock: ManualClock) => {
      const store = redisStore({ client, clock, namespace: `t${randomBytes(8).toString('hex')}` });
      await store.connect();
      return store;
    };
    await fc.assert(property(create), { numRuns: 100 });
  });
});
