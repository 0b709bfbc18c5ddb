import type { Session } from './session.js';
import type { SessionStore } from './session.store.js';

interface Entry {
  readonly session: Session;
  readonly expiresAt: number;
}

export interface MemorySessionStoreOptions {
  /** The oldest session ends when one more begins. @default 10_000 */
  readonly maxSessions?: number;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/** Sessions of one process. All live equally long, so the oldest entry of the map is the next to expire. */
export class MemorySessionStore implements SessionStore {
  private readonly entries = new Map<string, Entry>();
  private readonly maxSessions: number;
  private readonly now: () => number;

  constructor({ maxSessions = 10_000, now = Date.now }: MemorySessionStoreOptions = {}) {
    this.maxSessions = maxSessions;
    this.now = now;
  }

  async connect(): Promise<void> {}

  async put(key: string, session: Session, ttlSeconds: number): Promise<void> {
    this.entries.delete(key);
    this.entries.set(key, { session, expiresAt: this.now() + ttlSeconds * 1000 });
    this.makeRoom();
  }

  async find(key: string): Promise<Session | undefined> {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.expiresAt <= this.now()) {
      this.entries.delete(key);
      return undefined;
    }
    return entry.session;
  }

  async delete(key: string): Promise<void> {
    this.entries.delete(key);
  }

  async close(): Promise<void> {
    this.entries.clear();
  }

  private makeRoom(): void {
    const now = this.now();
    for (const [key, entry] of this.entries) {
      if (entry.expiresAt > now && this.entries.size <= this.maxSessions) {
        return;
      }
      this.entries.delete(key);
    }
  }
}
