import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.js';
import { Circuit } from './circuit.js';

let clock: ManualClock;
let changes: string[];
let circuit: Circuit;

/** Runs tasks whose result is whether it was a fault. */
const report = (isFault: boolean) => circuit.run(async () => isFault, Boolean);
const fail = () => report(true);
const succeed = () => report(false);

/** A task that is under way until it is told how it ended. */
function begin() {
  let end: (isFault: boolean) => void = () => undefined;
  const task = new Promise<boolean>((resolve) => (end = resolve));
  const run = circuit.run(() => task, Boolean);
  return async (isFault: boolean) => {
    end(isFault);
    await run;
  };
}

async function open(): Promise<void> {
  for (let count = 0; count < 3; count += 1) {
    await fail();
  }
}

beforeEach(() => {
  clock = new ManualClock();
  changes = [];
  circuit = new Circuit({ failures: 3, openSeconds: 30, clock, onChange: (state) => changes.push(state) });
});

describe('a circuit', () => {
  it('gives what the task gives', async () => {
    const run = (value: string) =>
      circuit.run(
        async () => value,
        (result) => result === 'bad',
      );
    expect(await run('good')).toBe('good');
    expect(await run('bad')).toBe('bad');
    await open();
    expect(await run('bad')).toBe('bad');
  });

  it('opens after so many failures in a row, and tells it once', async () => {
    await fail();
    await fail();
    await succeed();
    await fail();
    await fail();
    expect([circuit.state, circuit.isPreferred, changes]).toEqual(['closed', true, []]);
    await fail();
    expect([circuit.state, circuit.isPreferred, changes]).toEqual(['open', false, ['open']]);
    await fail();
    expect(changes).toEqual(['open']);
  });

  it('opens after five and rests for 30 s by default', async () => {
    circuit = new Circuit({ clock, onChange: (state) => changes.push(state) });
    await Promise.all([fail(), fail(), fail(), fail()]);
    expect(circuit.state).toBe('closed');
    await fail();
    expect(circuit.state).toBe('open');
    clock.advanceMs(29_999);
    expect(circuit.isPreferred).toBe(false);
    clock.advanceMs(1);
    expect(circuit.isPreferred).toBe(true);
  });

  it('lets one message try it when its time is over; the others treat it as open', async () => {
    await open();
    clock.advanceSeconds(30);
    expect(circuit.isPreferred).toBe(true);
    const end = begin();
    expect([circuit.state, circuit.isPreferred]).toEqual(['half-open', false]);
    await end(false);
    expect([circuit.state, circuit.isPreferred, changes]).toEqual(['closed', true, ['open', 'closed']]);
  });

  it('rests again when the try failed, without telling it again', async () => {
    await open();
    clock.advanceSeconds(30);
    await fail();
    expect([circuit.state, circuit.isPreferred, changes]).toEqual(['open', false, ['open']]);
    clock.advanceSeconds(30);
    expect(circuit.isPreferred).toBe(true);
  });

  it('counts from nought after it closed', async () => {
    await open();
    await succeed();
    await fail();
    await fail();
    expect(circuit.state).toBe('closed');
    await fail();
    expect(changes).toEqual(['open', 'closed', 'open']);
  });

  it('is closed by a message that went by it although it was open', async () => {
    await open();
    await succeed();
    expect([circuit.state, changes]).toEqual(['closed', ['open', 'closed']]);
  });

  it('lets others through while one is trying it, and waits for that one’s result', async () => {
    await open();
    const end = begin();
    expect(await succeed()).toBe(false);
    expect(await fail()).toBe(true);
    expect(circuit.state).toBe('half-open');
    await end(true);
    expect(circuit.state).toBe('open');
  });

  it('learns nothing from failures of what was under way before it changed', async () => {
    const before = Array.from({ length: 9 }, begin);
    await open();
    await before[0]?.(true);
    const trying = begin();
    await before[1]?.(true);
    expect(circuit.state).toBe('half-open');
    await trying(false);
    for (const end of before.slice(2)) {
      await end(true);
    }
    expect([circuit.state, changes]).toEqual(['closed', ['open', 'closed']]);
  });

  it('rests no longer than its time when the clock is set back', async () => {
    await open();
    clock.advanceSeconds(-3600);
    expect(circuit.isPreferred).toBe(true);
    await succeed();
    expect(circuit.state).toBe('closed');
  });
});
