import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import type { RedisServer } from './redis-server.js';

/** Listens to every command that a server gets. */
export interface RedisMonitor {
  /** All that was seen, with arguments as the bytes that they are; up to date once `settle` has resolved. */
  readonly stream: Buffer;
  /** What clients sent while `work` ran, each command one line; what scripts call is not counted, nor what other tests' tools ask. */
  during(work: () => Promise<unknown>): Promise<readonly string[]>;
  /** Resolves when all that was sent before has been seen. */
  settle(): Promise<void>;
  stop(): void;
}

const OWN_COMMANDS = /"(echo|info|hello|client|select)"/i;

export async function startRedisMonitor({ port, url }: RedisServer): Promise<RedisMonitor> {
  const socket = connect(port, '127.0.0.1');
  const asking = new Redis(url);
  let seen = '';
  socket.write('MONITOR\r\n');
  await once(socket, 'data');
  socket.on('data', (chunk) => (seen += chunk.toString('latin1')));

  async function mark(): Promise<number> {
    // The server takes connections in no fixed order within one turn; what was sent before is read in the first turn.
    await asking.echo('first');
    const name = crypto.randomUUID();
    await asking.echo(name);
    while (!seen.includes(name)) {
      await once(socket, 'data');
    }
    return seen.length;
  }

  return {
    get stream() {
      return Buffer.from(unescape(seen), 'latin1');
    },
    async during(work) {
      const from = await mark();
      await work();
      const to = await mark();
      const lines = seen.slice(from, to).split('\r\n');
      return lines.filter((line) => /^\+[\d.]+ \[\d+ (?!lua)/.test(line) && !OWN_COMMANDS.test(line));
    },
    settle: async () => void (await mark()),
    stop: () => {
      socket.destroy();
      asking.disconnect();
    },
  };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

/** MONITOR prints arguments like a C string. */
function unescape(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/g, (_match, hex: string | undefined, letter: string) =>
    hex === undefined ? (ESCAPES[letter] ?? letter) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
