import { describe, expect, it } from 'vitest';
import { serverWarnings } from './server-warnings.js';

const info = (lines: readonly string[]) => ['# Server', ...lines, ''].join('\r\n');

describe('warnings about a Redis server', () => {
  it.each([
    ['Redis 7', ['redis_version:7.0.15', 'maxmemory_policy:noeviction']],
    ['Redis 6.2', ['redis_version:6.2.0', 'maxmemory_policy:noeviction']],
    ['Redis 10', ['redis_version:10.1.0', 'maxmemory_policy:noeviction']],
    ['Valkey', ['redis_version:7.2.4', 'server_name:valkey', 'valkey_version:8.0.1', 'maxmemory_policy:noeviction']],
  ])('are none for %s without eviction', (_, lines) => {
    expect(serverWarnings(info(lines))).toEqual([]);
  });

  it.each(['6.0.16', '5.0.7'])('name version %s as too old', (version) => {
    const warnings = serverWarnings(info([`redis_version:${version}`, 'maxmemory_policy:noeviction']));
    expect(warnings).toEqual([expect.stringContaining(`${version} is older than 6.2`)]);
  });

  it.each(['allkeys-lru', 'volatile-ttl'])('name the policy %s, for every key has a time to live', (policy) => {
    const warnings = serverWarnings(info(['redis_version:7.2.0', `maxmemory_policy:${policy}`]));
    expect(warnings).toEqual([expect.stringContaining(policy)]);
  });

  it('say so when the server tells nothing', () => {
    expect(serverWarnings('')).toEqual([expect.stringContaining('does not tell')]);
  });
});
