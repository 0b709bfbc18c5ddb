import { describe, expect, it } from 'vitest';
import { MemorySessionStore } from './memory-session.store.js';

const session = { phoneNumber: '+31*******78', signedInAt: '2026-01-01T00:00:00.000Z' };

describe('MemorySessionStore', () => {
  it('finds a session until it is deleted', async () => {
    const store = new MemorySessionStore();
    await store.put('key', session, 60);
    expect(await store.find('key')).toEqual(session);
    await store.delete('key');
    expect(await store.find('key')).toBeUndefined();
  });

  it('forgets a session at the end of its time', async () => {
    let now = 0;
    const store = new MemorySessionStore({ now: () => now });
    await store.put('key', session, 60);
    now = 59_999;
    expect(await store.find('key')).toEqual(session);
    now = 60_000;
    expect(await store.find('key')).toBeUndefined();
  });

  it('attack 49: keeps no more sessions than it may: expired ones go first, then the oldest', async () => {
    let now = 0;
    const store = new MemorySessionStore({ maxSessions: 2, now: () => now });
    await store.put('expired', session, 1);
    now = 2000;
    await store.put('a', session, 60);
    await store.put('b', session, 60);
    expect(await store.find('a')).toEqual(session);
    await store.put('c', session, 60);
    expect(await store.find('a')).toBeUndefined();
    expect(await store.find('b')).toEqual(session);
    expect(await store.find('c')).toEqual(session);
  });
});
