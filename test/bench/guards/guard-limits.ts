/** What every guard admits of one IP. */
export const MINUTE_LIMIT = { limit: 60, windowSeconds: 60 } as const;
export const HOUR_LIMIT = { limit: 1_000, windowSeconds: 3600 } as const;
