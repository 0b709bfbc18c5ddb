import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth, type SecondaryStorage } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { phoneNumber } from 'better-auth/plugins/phone-number';
import { Redis } from 'ioredis';
import type { CodeBoard } from '../http/code-board.js';
import type { MeasuredServer, ServerOptions } from '../http/measured-server.js';
import { BENCH_SECRET, numberOf } from '../otp-settings.js';

/** One for each that is in flight. Its memory adapter looks through all of them. */
const USERS = 64;

export interface BetterAuthOptions {
  /** Where codes go; without one they are rows of the memory adapter, as its users are in any case. */
  readonly redisUrl?: string;
  readonly sendOTP: (message: { readonly phoneNumber: string; readonly code: string }) => void;
}

/** better-auth with its phone-number plugin, set so that it costs least: no rate limit, no telemetry, no log. */
export async function startBetterAuth({ redisUrl, sendOTP }: BetterAuthOptions) {
  const client = redisUrl === undefined ? undefined : new Redis(redisUrl);
  const database = { user: Array.from({ length: USERS }, userOf), session: [], account: [], verification: [] };
  const auth = betterAuth({
    baseURL: 'http://localhost',
    secret: BENCH_SECRET,
    database: memoryAdapter(database),
    ...(client !== undefined && { secondaryStorage: storageOn(client) }),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    plugins: [phoneNumber({ sendOTP })],
  });
  await auth.$context;
  return {
    auth,
    /** Codes that nobody has entered: its memory adapter would look through all of them. */
    forgetCodes: () => void database.verification.splice(0),
    close: () => client?.disconnect(),
  };
}

/** Its node handler on `node:http`. */
export async function startBetterAuthServer(
  { redisUrl }: Extract<ServerOptions, { kind: 'better-auth' }>,
  codes: CodeBoard,
): Promise<MeasuredServer> {
  const { auth, close } = await startBetterAuth({
    ...(redisUrl !== undefined && { redisUrl }),
    sendOTP: ({ phoneNumber: number, code }) => codes.put(number, code),
  });
  const handler = toNodeHandler(auth);
  const server = createServer((request, response) => void handler(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      close();
    },
  };
}

/** As its documentation connects `ioredis`. */
function storageOn(client: Redis): SecondaryStorage {
  return {
    get: (key) => client.get(key),
    getAndDelete: (key) => client.getdel(key),
    set: (key, value, ttl) => (ttl === undefined ? client.set(key, value) : client.set(key, value, 'EX', ttl)),
    async delete(key) {
      await client.del(key);
    },
    async increment(key, ttl) {
      const count = await client.incr(key);
      if (count === 1) {
        await client.expire(key, ttl);
      }
      return count;
    },
  };
}

function userOf(_: unknown, n: number) {
  const since = new Date();
  return {
    id: `user-${n}`,
    name: `User ${n}`,
    email: `user-${n}@example.com`,
    emailVerified: true,
    phoneNumber: numberOf(n),
    phoneNumberVerified: true,
    createdAt: since,
    updatedAt: since,
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') {
    throw new Error('no port was assigned');
  }
  return address.port;
}
