import assert from 'node:assert/strict';
import type { LogCharge } from '../../../libs/otp/src/stores/otp-store.js';
import type { StoreHarness } from '../../../libs/otp/src/testing/store-contract.js';
import { callStore, type StoreCall, StoreModel } from '../../support/store-model.js';
import { Cast, type Step } from './calls.js';

const MINUTE_MS = 60_000;

/** One run of steps on a store and on its model; every answer must be the same. */
export class Stage {
  readonly cast = new Cast();
  private model = new StoreModel();

  /** `others`: more stores on the same server, as other instances have them. */
  constructor(
    private readonly harness: StoreHarness,
    private readonly others: readonly StoreHarness['store'][] = [],
  ) {}

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.do === 'pass') {
        await this.pass(step.minutes * MINUTE_MS);
      } else if (step.do === 'issue') {
        await this.issue(step.slot);
      } else {
        this.keepCharges(await this.compare(this.cast.callOf(step)));
      }
    }
  }

  /** All at once, over all stores in turns: the answers, and what is left, must be those of some order. */
  async playAtOnce(steps: readonly Step[]): Promise<void> {
    const calls = steps.flatMap((step) => (step.do === 'pass' || step.do === 'issue' ? [] : [this.cast.callOf(step)]));
    const stores = [this.harness.store, ...this.others];
    const answers = await Promise.all(
      calls.map((call, index) => callStore(stores[index % stores.length] ?? this.harness.store, call)),
    );
    const looks = this.looks();
    const seen: unknown[] = [];
    for (const look of looks) {
      seen.push(await callStore(this.harness.store, look));
    }
    const explained = this.findOrder(
      this.model,
      calls.map((call, index) => ({ call, answer: answers[index] })),
      { looks, seen },
    );
    assert.ok(explained, `no order of these explains the answers: ${JSON.stringify({ calls, answers, seen })}`);
    this.model = explained;
  }

  private async pass(ms: number): Promise<void> {
    const { clock, elapse } = this.harness;
    await (elapse?.(ms) ?? clock.advanceMs(ms));
  }

  private async issue(slot: number): Promise<void> {
    const [ref] = this.cast.refs.slice(slot);
    if (ref !== undefined && this.model.call({ do: 'find', ref }, this.now()) === undefined) {
      this.cast.renew(slot);
    }
    const charges = this.keepCharges(await this.compare({ do: 'take', requests: this.cast.sendRequests(slot, true) }));
    const [charge] = charges;
    if (charge !== undefined) {
      await this.compare(this.cast.createCall(slot, charge));
    }
  }

  private async compare(call: StoreCall): Promise<unknown> {
    const expected = this.model.call(call, this.now());
    const answer = await callStore(this.harness.store, call);
    assert.deepEqual(answer, expected, `${call.do}: the store's answer, and the model's`);
    return expected;
  }

  private keepCharges(answer: unknown): readonly LogCharge[] {
    const charges = chargesOf(answer);
    this.cast.charges.push(...charges);
    return charges;
  }

  /** Tells all that is left, and changes nothing. */
  private looks(): readonly StoreCall[] {
    return [
      ...this.cast.refs.map((ref) => ({ do: 'find', ref }) as const),
      ...this.cast.refs.map((_, slot) => ({ do: 'take', requests: this.cast.sendRequests(slot, false) }) as const),
      ...this.cast.markNames.map((key) => ({ do: 'get', key }) as const),
    ];
  }

  /** The model after an order of the calls in which each gets the answer that it got. */
  private findOrder(
    model: StoreModel,
    left: readonly { readonly call: StoreCall; readonly answer: unknown }[],
    end: { readonly looks: readonly StoreCall[]; readonly seen: readonly unknown[] },
  ): StoreModel | undefined {
    if (left.length === 0) {
      const told = end.looks.map((look) => model.call(look, this.now()));
      return isSame(told, end.seen) ? model : undefined;
    }
    for (const first of left) {
      const next = model.clone();
      const found = isSame(next.call(first.call, this.now()), first.answer)
        ? this.findOrder(
            next,
            left.filter((one) => one !== first),
            end,
          )
        : undefined;
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  private now(): number {
    return this.harness.clock.now();
  }
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    assert.deepEqual(one, other);
    return true;
  } catch {
    return false;
  }
}

function chargesOf(answer: unknown): readonly LogCharge[] {
  const charges: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'charges') : undefined;
  return Array.isArray(charges) ? charges : [];
}
