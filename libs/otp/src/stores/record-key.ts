/**
 * What a record stands for. The memory store bounds each kind on its own. `network` is what several IPv6 subscribers
 * share (/56, /48), `prefix` a phone number less its last four digits, `pair` an IP together with a prefix. `throttle` is
 * what a limit of the application's own counts by (`@OtpThrottle`).
 */
export type RecordKind = 'number' | 'ip' | 'network' | 'prefix' | 'country' | 'all' | 'pair' | 'throttle';

/** What everybody shares. It is asked last, and only when all others admit: a client that is refused costs it nothing. */
export const SHARED_KINDS: ReadonlySet<RecordKind> = new Set<RecordKind>(['prefix', 'country', 'all']);

/**
 * Names one record: a keyed hash (see `secrets/`), never a phone number or an address. In Redis all that belongs to one
 * record shares one slot: its logs and challenges are one key (`namespace:{n…}` for a number), its tallies another.
 */
export interface RecordKey {
  readonly kind: RecordKind;
  /** 16 base64url characters, 96 bits. */
  readonly index: string;
}
