import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisServerOptions {
  /** A free one by default. */
  readonly port?: number;
  /** More arguments of redis-server, e.g. `['--maxmemory-policy', 'allkeys-lru']`. */
  readonly extra?: readonly string[];
  /** Makes it a Sentinel: the lines of its configuration, which it rewrites itself. */
  readonly sentinel?: readonly string[];
}

/** A real redis-server on the loopback address, without persistence. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** Freezes it (SIGSTOP): connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** SIGKILL: connections break, data is lost. */
  kill(): Promise<void>;
  /** A new, empty server on the same port. */
  restart(): Promise<void>;
}

const READY_TIMEOUT_MS = 10_000;

export async function startRedis({
  port: wanted,
  extra = [],
  sentinel,
}: RedisServerOptions = {}): Promise<RedisServer> {
  const port = wanted ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'otp-redis-'));
  const start =
    sentinel === undefined ? () => launch(port, folder, extra) : () => launchSentinel(port, folder, sentinel);
  let child = await start();

  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
  };

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? -1;
    },
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      await kill();
      child = await start();
    },
  };
}

/** Below those that systems give to outgoing connections, one of which could take it before the server does. */
const PORTS = { first: 10_240, last: 32_000 };

/** A port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.first, PORTS.last);
    if (await isFree(port)) {
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function launch(port: number, folder: string, extra: readonly string[]): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  return run(port, [...args, ...extra]);
}

async function launchSentinel(port: number, folder: string, lines: readonly string[]): Promise<ChildProcess> {
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...lines, ''].join('\n'));
  return run(port, [file, '--sentinel']);
}

async function run(port: number, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));
  child.stderr?.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-2_000)));

  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended (${code ?? 'killed'}): ${output}`)));
  });
  // A server that ends later, because a test kills it, is no failure of the launch.
  failed.catch(() => undefined);
  await Promise.race([failed, answersPing(port, AbortSignal.timeout(READY_TIMEOUT_MS))]);
  return child;
}

/** Asks until the server answers; each refused connection is the occasion for the next question. */
async function answersPing(port: number, signal: AbortSignal): Promise<void> {
  while (!(await ping(port))) {
    signal.throwIfAborted();
  }
}

function ping(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      // NOAUTH is an answer as well: the server is up.
      resolve(data.toString().startsWith('+PONG') || data.toString().startsWith('-NOAUTH'));
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
