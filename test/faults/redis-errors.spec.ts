import { Redis } from 'ioredis';
import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import { expectToHold, type Fault } from './play-fault.js';
import type { Site } from './site.js';

const TIMEOUT_MS = effort(60_000, 300_000);
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const AGAIN_AND_AGAIN = effort(6, 40);

async function dropConnections({ admin }: Site): Promise<void> {
  await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
}

/** Settings of the server until the fault is over. */
const settings = (name: string, value: string, normal: string): Pick<Fault, 'strike' | 'heal'> => ({
  async strike({ admin }) {
    await admin.config('SET', name, value);
  },
  async heal({ admin }) {
    await admin.config('SET', name, normal);
  },
});

const faults: readonly (Fault & { readonly id: string; readonly long?: boolean })[] = [
  { id: 'case 83', title: 'full (noeviction)', ...settings('maxmemory', '1', '0') },
  {
    id: 'case 84',
    title: 'evicting (allkeys-lru)',
    loses: 'some',
    unnoticed: true,
    async strike({ admin }) {
      const memory = await admin.info('memory');
      const used = Number(/used_memory:(\d+)/.exec(memory)?.[1]);
      await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
      await admin.config('SET', 'maxmemory-samples', '1');
      await admin.config('SET', 'maxmemory', String(used - 4_000));
    },
    async heal({ admin }) {
      await admin.config('SET', 'maxmemory', '0');
    },
    long: true,
  },
  {
    id: 'case 84',
    title: 'FLUSHALL',
    loses: 'all',
    unnoticed: true,
    async strike({ admin }) {
      await admin.flushall();
    },
  },
  {
    id: 'case 86',
    title: 'SCRIPT FLUSH',
    unnoticed: true,
    strikes: AGAIN_AND_AGAIN,
    async strike({ admin }) {
      await admin.script('FLUSH');
    },
  },
  { id: 'case 83', title: 'CLIENT KILL', strikes: AGAIN_AND_AGAIN, strike: dropConnections, long: true },
  {
    id: 'case 83',
    title: 'read-only (a replica now)',
    async strike({ admin }) {
      await admin.replicaof('127.0.0.1', 1);
    },
    async heal({ admin }) {
      await admin.replicaof('NO', 'ONE');
    },
    long: true,
  },
  {
    id: 'case 83',
    title: 'LOADING',
    // Each key takes its time to load, and the server answers LOADING meanwhile.
    redis: [...DURABLE, '--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024'],
    strike({ redis }) {
      loading = redis.kill().then(() => redis.restart());
    },
    heal: () => loading,
    long: true,
  },
  {
    id: 'case 83',
    title: 'BUSY (a script that does not end)',
    redis: ['--busy-reply-threshold', '50'],
    strike({ admin }) {
      admin.eval('while true do end', 0).catch(() => undefined);
    },
    async heal({ redis }) {
      const operator = new Redis(redis.url, { enableReadyCheck: false });
      await operator.script('KILL');
      operator.disconnect();
    },
    long: true,
  },
  {
    id: 'case 83',
    title: 'maxclients reached',
    async strike(site) {
      await site.admin.config('SET', 'maxclients', '1');
      await dropConnections(site);
    },
    async heal({ admin }) {
      await admin.config('SET', 'maxclients', '1000');
    },
    long: true,
  },
  {
    id: 'case 83',
    title: 'password changed',
    async strike(site) {
      await site.admin.config('SET', 'requirepass', 'another');
      await dropConnections(site);
    },
    async heal({ admin }) {
      await admin.config('SET', 'requirepass', '');
    },
    long: true,
  },
];
let loading: Promise<void> = Promise.resolve();

describe('Redis answers with errors or has forgotten', { timeout: TIMEOUT_MS }, () => {
  for (const fault of faults.filter(({ long = false }) => effort(!long, true))) {
    it(`A3 B3 L1 ${fault.id} ${fault.title}`, () => expectToHold(fault));
  }
});
