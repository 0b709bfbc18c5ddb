import type { Session } from './session.js';

/** Sessions by key: the SHA-256 of the session id, so that a look into the store gives nobody a session. */
export interface SessionStore {
  /** Opens what the store needs; called once, at boot. */
  connect(): Promise<void>;
  /** @throws SessionStoreUnavailableError as all others here */
  put(key: string, session: Session, ttlSeconds: number): Promise<void>;
  find(key: string): Promise<Session | undefined>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
}

/** The token under which the module finds its {@link SessionStore}. */
export const SESSION_STORE = Symbol('SESSION_STORE');

/** The store did not answer in time or answered with an error. */
export class SessionStoreUnavailableError extends Error {
  override readonly name = 'SessionStoreUnavailableError';
}
