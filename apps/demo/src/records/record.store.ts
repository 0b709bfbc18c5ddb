/** Names one record: its kind, and an id that tells nothing of whom it is about. */
export interface RecordKey {
  readonly kind: string;
  readonly id: string;
}

/** One of the changes that are made together. */
export interface RecordChange {
  readonly key: RecordKey;
  /** What is there now; `undefined` for nothing. */
  readonly former: string | undefined;
  /** What is to be there; `undefined` for nothing. */
  readonly value: string | undefined;
  /** `kept`: what is left of the time that it had; a new record has none. */
  readonly ttlSeconds: number | 'kept';
}

/** Where the demo keeps what it must remember: text by key, never empty, for a time. Implementations only ever see sealed text. */
export interface RecordStore {
  /** Opens what the store needs; called once, at boot. */
  connect(): Promise<void>;
  /** @throws RecordStoreUnavailableError as all others here */
  find(key: RecordKey): Promise<string | undefined>;
  put(key: RecordKey, value: string, ttlSeconds: number): Promise<void>;
  /** All changes or, where one of the records is no longer as it was, none: whether they were made. */
  commit(changes: readonly RecordChange[]): Promise<boolean>;
  delete(key: RecordKey): Promise<void>;
  close(): Promise<void>;
}

/** The token under which the demo finds its {@link RecordStore}. */
export const RECORD_STORE = Symbol('RECORD_STORE');

/** The store did not answer in time or answered with an error. */
export class RecordStoreUnavailableError extends Error {
  override readonly name = 'RecordStoreUnavailableError';
}
