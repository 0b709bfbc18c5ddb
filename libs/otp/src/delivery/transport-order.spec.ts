import { describe, expect, it } from 'vitest';
import type { DeliveryOrder } from './delivery-options.js';
import { carriersFor, type NamedCarrier } from './transport-order.js';

const carriers: readonly NamedCarrier[] = [
  { name: 'a', channels: ['sms'] },
  { name: 'b', channels: ['sms', 'voice'] },
  { name: 'c', channels: ['sms'] },
  { name: 'd', channels: ['email'] },
];

function namesFor(route: Partial<Parameters<typeof carriersFor>[0]>, order?: readonly DeliveryOrder[]): string {
  return carriersFor({ channel: 'sms', country: 'NL', ...route }, carriers, order)
    .map(({ name }) => name)
    .join('');
}

describe('the order of transports', () => {
  it('is that of the list, for those that have the channel', () => {
    expect(namesFor({})).toBe('abc');
    expect(namesFor({ channel: 'voice' })).toBe('b');
    expect(namesFor({ channel: 'whatsapp' })).toBe('');
    expect(namesFor({}, [])).toBe('abc');
  });

  it('is that of the first entry that fits country and channel', () => {
    const order: DeliveryOrder[] = [
      { countries: ['BE', 'NL'], channels: ['voice'], transports: ['b'] },
      { countries: ['NL'], transports: ['c', 'a'] },
      { channels: ['sms'], transports: ['b'] },
      { transports: ['a'] },
    ];
    expect(namesFor({}, order)).toBe('ca');
    expect(namesFor({ country: 'BE' }, order)).toBe('b');
    expect(namesFor({ country: 'NL', channel: 'voice' }, order)).toBe('b');
  });

  it('leaves out those that an entry does not name', () => {
    expect(namesFor({}, [{ transports: ['c'] }])).toBe('c');
  });

  it('passes over who does not have the channel, and an entry of which nobody has it', () => {
    expect(namesFor({ channel: 'voice' }, [{ transports: ['a', 'b', 'c'] }])).toBe('b');
    expect(namesFor({ channel: 'email' }, [{ countries: ['NL'], transports: ['a'] }])).toBe('d');
  });

  it('passes over names that no transport has, as when a test replaced the transports', () => {
    expect(namesFor({}, [{ transports: ['x', 'c', 'y', 'a'] }])).toBe('ca');
    expect(namesFor({}, [{ transports: ['x', 'y'] }])).toBe('abc');
  });

  it('asks nobody twice', () => {
    expect(namesFor({}, [{ transports: ['a', 'b', 'a'] }])).toBe('ab');
  });
});
