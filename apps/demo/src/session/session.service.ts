import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { createHash, randomBytes } from 'node:crypto';
import { SESSION_TTL_SECONDS, type Session } from './session.js';
import { SESSION_STORE, type SessionStore } from './session.store.js';

@Injectable()
export class SessionService implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(SESSION_STORE) private readonly store: SessionStore) {}

  async onModuleInit(): Promise<void> {
    await this.store.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }

  /** A new id at every sign-in; the browser's former session ends, so a planted or shared one is worth nothing. */
  async start(session: Session, formerId: string | undefined): Promise<string> {
    const id = randomBytes(32).toString('base64url');
    await this.end(formerId);
    await this.store.put(keyOf(id), session, SESSION_TTL_SECONDS);
    return id;
  }

  async find(id: string | undefined): Promise<Session | undefined> {
    return id === undefined ? undefined : this.store.find(keyOf(id));
  }

  async end(id: string | undefined): Promise<void> {
    if (id !== undefined) {
      await this.store.delete(keyOf(id));
    }
  }
}

/** The id has 256 random bits, so a plain hash is enough. */
function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
