import { Redis } from 'ioredis';

/** Long enough for a slow network, short enough that a lost Redis is answered within two seconds. */
const COMMAND_TIMEOUT_MS = 1000;
const MAX_RECONNECT_DELAY_MS = 1000;

/** A client that fails at once and in bounded time while Redis is away, and finds it again by itself. */
export function createRedisClient(url: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    // A command that waits for a connection, or is sent again after one was lost, hides that Redis is away.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
  });
}
