import { describe, expect, it } from 'vitest';
import { DEFAULT_PRICES } from 'nestjs-sms-otp';
import type { DeskFact } from './desk-fact.js';
import { type DeskSettings, deskSnapshot } from './desk-snapshot.js';
import { type InstanceReport, HOUR_MS, MINUTE_MS } from './desk.store.js';
import { MemoryDeskStore } from './memory-desk.store.js';

const NOW = Date.UTC(2026, 0, 2, 12, 30, 15);
const settings: DeskSettings = { prices: { default: 0.5, countries: { NL: 0.1 } }, wrongCodes: [] };
const about = {
  destination: '+31*******78',
  country: 'NL',
  numberRef: 'abcdefghij_-0123',
  purpose: 'login',
  lane: 'public',
} as const;

const issued = (more: Partial<DeskFact> = {}): DeskFact => ({
  type: 'challenge.issued',
  at: NOW,
  channel: 'sms',
  ...about,
  ...more,
});
const verified = (more: Partial<DeskFact> = {}): DeskFact => ({
  type: 'challenge.verified',
  at: NOW,
  ...about,
  ...more,
});

async function snapshotOf(facts: readonly DeskFact[], change: Partial<DeskSettings> = {}) {
  const store = new MemoryDeskStore(() => NOW);
  await store.add({ id: '1', facts });
  return deskSnapshot(await store.read(NOW), { ...settings, ...change, now: NOW });
}

describe('the snapshot of the desk', () => {
  it('is all zeros before anything happened', async () => {
    const snapshot = await snapshotOf([]);
    expect(snapshot.minutes).toHaveLength(60);
    expect(snapshot.minutes.at(-1)).toEqual({
      from: '2026-01-02T12:30:00.000Z',
      sent: 0,
      answered: 0,
      wrong: 0,
      refused: 0,
    });
    expect(snapshot.day).toEqual({ sent: 0, answered: 0, wrong: 0, refused: 0, decoyed: 0 });
    expect(snapshot.cost).toEqual({ spent: 0, rows: [] });
  });

  it('counts each minute of the last hour, and the day beside it', async () => {
    const facts = [
      issued({ at: NOW - 23 * HOUR_MS }),
      issued({ at: NOW - 60 * MINUTE_MS }),
      issued({ at: NOW - 59 * MINUTE_MS }),
      issued({ at: NOW }),
      issued({ type: 'challenge.resent' }),
      verified(),
      { ...verified(), type: 'challenge.failed', reason: 'wrong_code' },
    ];
    const { minutes, hour, day } = await snapshotOf(facts);
    expect(minutes[0]).toMatchObject({ from: '2026-01-02T11:31:00.000Z', sent: 1 });
    expect(minutes.at(-1)).toMatchObject({ sent: 2, answered: 1, wrong: 1, refused: 0 });
    expect(hour).toEqual({ sent: 3, answered: 1, wrong: 1, refused: 0 });
    expect(day).toEqual({ sent: 5, answered: 1, wrong: 1, refused: 0, decoyed: 0 });
  });

  it('tells why something was refused, and by which limit', async () => {
    const at = NOW;
    const { day, refusals, limits } = await snapshotOf([
      { type: 'challenge.refused', at, reason: 'throttled', limit: 'number.sends.3600' },
      { type: 'challenge.refused', at, reason: 'throttled', limit: 'number.sends.3600' },
      { type: 'answer.refused', at, reason: 'number_locked', limit: 'number.wrongCodes.86400' },
      { type: 'request.throttled', at, limit: 'transfers' },
      { type: 'proof.refused', at, purpose: 'transfer', reason: 'used' },
      { type: 'proof.refused', at, purpose: 'transfer', reason: 'missing' },
    ]);
    expect(day.refused).toBe(5);
    expect(refusals).toEqual([
      { kind: 'send', reason: 'throttled', count: 2 },
      { kind: 'answer', reason: 'number_locked', count: 1 },
      { kind: 'request', reason: 'throttled', count: 1 },
      { kind: 'proof', reason: 'used', count: 1 },
    ]);
    expect(limits).toEqual([
      { limit: 'number.sends.3600', count: 2 },
      { limit: 'number.wrongCodes.86400', count: 1 },
      { limit: 'transfers', count: 1 },
    ]);
  });

  it('shows which part of the messages to a country was answered, never more than all', async () => {
    const { countries } = await snapshotOf([
      ...Array.from({ length: 4 }, () => issued()),
      verified(),
      verified({ country: 'BE' }),
      issued({ country: 'BE', channel: 'voice' }),
      verified({ country: 'BE' }),
      issued({ country: 'DE' }),
    ]);
    expect(countries).toEqual([
      { country: 'NL', sent: 4, answered: 1, share: 0.25 },
      { country: 'BE', sent: 1, answered: 2, share: 1 },
      { country: 'DE', sent: 1, answered: 0, share: 0 },
    ]);
  });

  it('C1 adds up what the messages cost beside the budget', async () => {
    const facts = [issued(), issued(), issued({ country: 'KP' }), issued({ channel: 'voice' })];
    const prices = { ...settings.prices, channels: { voice: { default: 2 } } };
    const { cost } = await snapshotOf(facts, { prices, perDay: 10 });
    expect(cost).toEqual({
      spent: 2.7,
      perDay: 10,
      rows: [
        { country: 'NL', channel: 'voice', count: 1, amount: 2 },
        { country: 'KP', channel: 'sms', count: 1, amount: 0.5 },
        { country: 'NL', channel: 'sms', count: 2, amount: 0.2 },
      ],
    });
    expect((await snapshotOf([issued()], { prices: DEFAULT_PRICES })).cost.spent).toBe(0.105);
  });

  it('counts test numbers apart', async () => {
    const { hour, day, test, cost, countries } = await snapshotOf([issued({ test: true }), verified({ test: true })]);
    expect([hour.sent, day.answered, cost.spent, countries]).toEqual([0, 0, 0, []]);
    expect(test).toEqual({ sent: 1, answered: 1, wrong: 0, refused: 0 });
  });

  it('shows what became of messages by transport, beside its circuits', async () => {
    const at = NOW;
    const store = new MemoryDeskStore(() => NOW);
    await store.add({
      id: '1',
      facts: [
        { type: 'delivery.failed', at, transport: 'first', reason: 'transient' },
        { type: 'delivery.accepted', at, transport: 'second' },
        { type: 'delivery.reported', at, transport: 'second', state: 'sent' },
        { type: 'delivery.reported', at, transport: 'second', state: 'failed' },
        { type: 'delivery.reported', at, transport: 'second', state: 'delivered' },
      ],
    });
    await store.report(reportOf('a', 'open'));
    await store.report(reportOf('b', 'closed'));
    const { transports, instances } = deskSnapshot(await store.read(NOW), { ...settings, now: NOW });
    expect(instances.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(transports).toEqual([
      { name: 'first', accepted: 0, failed: 1, sent: 0, delivered: 0, undelivered: 0, openCircuits: 1 },
      { name: 'second', accepted: 1, failed: 0, sent: 1, delivered: 1, undelivered: 1, openCircuits: 0 },
    ]);
  });
});

function reportOf(name: string, circuit: 'open' | 'closed'): InstanceReport {
  return {
    name,
    status: 'up',
    store: { name: 'memory', status: 'up', latencyMs: 0.1 },
    transports: [{ name: 'first', channels: ['sms'], circuit }],
    hashing: { running: 1, waiting: 2, width: 4 },
    dropped: 0,
  };
}
