import { describe, expect, it } from 'vitest';
import { LimitPolicy } from './limit-policy.js';
import { DEFAULT_LIMITS } from './limit-settings.js';

const number = { kind: 'number', index: 'n' } as const;
const ip = { kind: 'ip', index: 'i' } as const;

describe('B7 the default limits', () => {
  const policy = new LimitPolicy(DEFAULT_LIMITS);

  it('C1 take a message from number and address, and nothing from a number that wrong codes have locked', () => {
    expect(policy.send({ number, ip })).toEqual([
      {
        key: number,
        log: 'sends',
        take: true,
        windows: [
          { name: 'number.sends.3600', limit: 5, windowSeconds: 3600 },
          { name: 'number.sends.86400', limit: 10, windowSeconds: 86_400 },
        ],
        cooldown: { name: 'number.cooldown', stepsSeconds: [30, 60, 120, 240], windowSeconds: 3600 },
      },
      {
        key: number,
        log: 'wrongCodes',
        take: false,
        windows: [{ name: 'number.wrongCodes.86400', limit: 15, windowSeconds: 86_400 }],
      },
      {
        key: ip,
        log: 'sends',
        take: true,
        windows: [
          { name: 'ip.unansweredSends.3600', limit: 20, windowSeconds: 3600, counts: 'unanswered' },
          { name: 'ip.sends.86400', limit: 60, windowSeconds: 86_400 },
        ],
      },
    ]);
  });

  it('B5 charge an answer to number and address', () => {
    expect(policy.attempt({ number, ip }).map(({ key, log, take, windows }) => [key, log, take, windows])).toEqual([
      [number, 'wrongCodes', true, [{ name: 'number.wrongCodes.86400', limit: 15, windowSeconds: 86_400 }]],
      [ip, 'wrongCodes', true, [{ name: 'ip.wrongCodes.3600', limit: 30, windowSeconds: 3600 }]],
    ]);
  });

  it('ask nothing of an address when there is no client', () => {
    expect(policy.send({ number, ip: undefined }).map(({ key }) => key)).toEqual([number, number]);
    expect(policy.attempt({ number, ip: undefined }).map(({ key }) => key)).toEqual([number]);
  });

  it('can be asked when the next message may go, without taking anything', () => {
    expect(policy.nextSend(number)).toMatchObject([{ key: number, windows: [], take: false }]);
  });
});
