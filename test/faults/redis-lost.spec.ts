import { setTimeout as lasting } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { effort } from '../support/effort.js';
import { DEADLINE_MS, expectToHold, type Fault } from './play-fault.js';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];

const killed: Pick<Fault, 'strike' | 'heal' | 'lost'> = {
  lost: true,
  strike: ({ redis }) => redis.kill(),
  heal: ({ redis }) => redis.restart(),
};

const faults: readonly Fault[] = [
  { title: 'Redis killed, back with its data', redis: DURABLE, ...killed },
  { title: 'Redis killed, back without its data', loses: 'all', ...killed },
  {
    title: 'Redis frozen for longer than the deadline',
    lost: true,
    strike: ({ redis }) => redis.pause(),
    heal: ({ redis }) => redis.resume(),
  },
  {
    title: 'Redis frozen again and again for less than the deadline',
    unnoticed: true,
    strikes: 10,
    async strike({ redis }) {
      redis.pause();
      await lasting(DEADLINE_MS / 3);
      redis.resume();
    },
  },
];

describe(
  'case 83 invariant 1 invariant 2 invariant 4 invariant 9 Redis is lost',
  { timeout: effort(60_000, 300_000) },
  () => {
    for (const fault of faults.slice(0, effort(3, faults.length))) {
      it(`A3 B3 L1 ${fault.title}`, () => expectToHold(fault));
    }
  },
);
