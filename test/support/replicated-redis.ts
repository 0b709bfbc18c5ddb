import { type Cluster, Redis } from 'ioredis';
import { startRedis, type RedisServer } from './redis-server.js';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

const READY_TIMEOUT_MS = 30_000;

/** A data server. Replicas, Sentinels and clients reach it through its line; who stands beside it reaches it all the same. */
export interface Member {
  readonly server: RedisServer;
  readonly line: TcpProxy;
  /** An operator's connection, past the line. */
  readonly admin: Redis;
}

/** Real masters with real replicas that take their place, under Sentinels or in a Cluster. */
export interface ReplicatedRedis {
  readonly members: readonly Member[];
  /** Of one's own, the caller disconnects it. A line that is dead does not part it from the member that it stands beside. */
  connect(beside?: Member): Redis | Cluster;
  /** One that serves now. */
  master(): Promise<Member>;
  /** Resolves when another one serves in its place. */
  untilFailedOver(from: Member): Promise<void>;
  /** Makes one that was lost a replica of whoever took its place, and resolves when every master has all its replicas. */
  bringBack(lost: Member): Promise<void>;
  stop(): Promise<void>;
}

export interface MemberOptions {
  readonly port: number;
  /** The address that others are told is the line's. */
  readonly announce: (port: number) => readonly string[];
  readonly extra: readonly string[];
}

export async function startMember({ port, announce, extra }: MemberOptions): Promise<Member> {
  const line = await startTcpProxy(port);
  // Replicas synchronise at once, at the start and after every failover.
  const replication = ['--repl-diskless-sync-delay', '0', '--repl-timeout', '5', '--repl-ping-replica-period', '1'];
  const server = await startRedis({ port, extra: [...announce(line.port), ...replication, ...extra] });
  const admin = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 20 }).on('error', ignored);
  return { server, line, admin };
}

export async function stopMembers(members: readonly Member[]): Promise<void> {
  for (const { server, line, admin } of members) {
    admin.disconnect();
    server.resume();
    await line.stop();
    await server.stop();
  }
}

/** What brings a member back, whatever it was lost by. */
export async function revive({ server, line }: Member): Promise<void> {
  line.setLine({ kind: 'open' });
  server.resume();
  if (!(await isRunning(server))) {
    await server.restart();
  }
}

async function isRunning({ pid }: RedisServer): Promise<boolean> {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export interface Role {
  readonly role: string | undefined;
  /** Online. */
  readonly replicas: number;
  /** Of a replica: whether it has its master's data. */
  readonly isLinked: boolean;
}

export async function roleOf({ admin }: Member): Promise<Role> {
  const info = await admin.info('replication');
  return {
    role: /^role:(\w+)/m.exec(info)?.[1],
    replicas: (info.match(/^slave\d+:.*state=online/gm) ?? []).length,
    isLinked: info.includes('master_link_status:up'),
  };
}

/** For clients who stand beside a member: its own port instead of its line's. */
export function pastTheLine({ line, server }: Member) {
  return { natMap: { [`127.0.0.1:${line.port}`]: { host: '127.0.0.1', port: server.port } } };
}

/** Each answer is the occasion for the next question. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const giveUp = AbortSignal.timeout(READY_TIMEOUT_MS);
  while (!(await isSo().catch(() => false))) {
    giveUp.throwIfAborted();
  }
}

/** Servers get lost in tests; a client without a listener would print it. */
export function ignored(): void {}
