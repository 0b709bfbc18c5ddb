/** The application's clock in milliseconds since the Unix epoch; injected, so that tests can move it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
