/** Small values: used proofs, idempotent answers, fingerprints, revocations. Keys are keyed hashes. */
export interface MarkStore {
  /** What was there before, or `undefined` when this call wrote it. */
  putIfAbsent(key: string, value: string, ttlSeconds: number): Promise<string | undefined>;
  /** Writes whatever is there. */
  put(key: string, value: string, ttlSeconds: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  delete(key: string): Promise<void>;
}
