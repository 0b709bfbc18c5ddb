import type { DeskStore } from './desk.store.js';
import { DeskStoreUnavailableError } from './desk.store.js';
import { type DeskSettings, type DeskSnapshot, deskSnapshot } from './desk-snapshot.js';

export type DeskView =
  { readonly outcome: 'ok'; readonly snapshot: DeskSnapshot } | { readonly outcome: 'unavailable' };

export interface DeskOptions extends DeskSettings {
  readonly store: DeskStore;
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
}

/** What the security desk shows. */
export class Desk {
  constructor(private readonly options: DeskOptions) {}

  async look(): Promise<DeskView> {
    const { store, now: clock = Date.now, ...settings } = this.options;
    const now = clock();
    try {
      return { outcome: 'ok', snapshot: deskSnapshot(await store.read(now), { ...settings, now }) };
    } catch (error) {
      if (error instanceof DeskStoreUnavailableError) {
        return { outcome: 'unavailable' };
      }
      throw error;
    }
  }
}
