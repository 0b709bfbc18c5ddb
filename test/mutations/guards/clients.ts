import type { Mutation } from '../mutation.js';

const CLIENT_IP = 'libs/otp/src/http/client-ip.spec.ts';
const CLIENT_LIMITS = 'test/contract/http-client-limits.spec.ts';
const DEVICE_TOKENS = 'libs/otp/src/devices/device-tokens.spec.ts';

/** Whose budget a request uses: addresses, networks, trusted devices. */
export const clients: readonly Mutation[] = [
  {
    name: 'every-proxy-trusted',
    guard: 'the client’s address comes from listed proxies alone',
    file: 'http/client-ip.ts',
    replace: '=> isIP(address) !== 0 && isListed(address, hop);',
    by: '=> isIP(address) !== 0 || isListed(address, hop);',
    killedBy: { file: CLIENT_LIMITS, test: 'without listed proxies no header makes another client' },
  },
  {
    name: 'half-a-header-believed',
    guard: 'a malformed Forwarded names nobody',
    file: 'http/client-ip.ts',
    replace: 'if (hops === undefined) {\n    return undefined;',
    by: "if (hops === undefined) {\n    return header.split('for=')[1]?.split(',')[0];",
    killedBy: { file: CLIENT_IP, test: 'the open quote of %s never swallows what the proxy appends' },
  },
  {
    name: 'everybody-is-a-proxy',
    guard: 'no range of proxies takes in half the world',
    file: 'http/client-ip.ts',
    replace: 'prefix < (version === 4 ? SHORTEST_IPV4_PREFIX : SHORTEST_IPV6_PREFIX) ||',
    by: 'prefix < 0 ||',
    killedBy: { file: CLIENT_IP, test: 'the reader refuses such a list' },
  },
  {
    name: 'mapped-address-apart',
    guard: 'an IPv4-mapped address is its IPv4 address',
    file: 'limits/ip-group.ts',
    replace: 'return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed;',
    by: 'return parsed;',
    killedBy: {
      file: 'test/attacks/network.spec.ts',
      test: 'in a rotation of spellings an IPv4 address stays one client',
    },
  },
  {
    name: 'every-address-of-a-64',
    guard: 'a /64 of IPv6 is one client',
    file: 'limits/limit-settings.ts',
    replace: 'ipv6Prefix: 64,',
    by: 'ipv6Prefix: 128,',
    killedBy: { file: CLIENT_LIMITS, test: 'rotation inside a /64 is one client, another /64 is another' },
  },
  {
    name: 'every-64-of-a-48',
    guard: 'whoever has a /48 has four budgets and no more',
    file: 'limits/ip-group.ts',
    replace: '{ bits: 48, times: 4 },',
    by: '{ bits: 48, times: 4000 },',
    killedBy: { file: 'test/attacks/network.spec.ts', test: 'whoever has a /56 has two budgets, and four with a /48' },
  },
  {
    name: 'any-device-has-a-lane',
    guard: 'only a device that the number has uses a budget of its own',
    file: 'stores/redis/lua/shared/lanes.lua',
    replace: 'if not lane and not isDevice(name) then',
    by: 'if not lane then',
    killedBy: {
      file: 'test/contract/store.redis.spec.ts',
      test: 'a device lane that is not there is told so, and nothing is taken',
    },
  },
  {
    name: 'memory-any-device-has-a-lane',
    guard: 'the memory store knows which devices a number has',
    file: 'stores/memory/admission.ts',
    replace: 'if (lane !== undefined && isDevice(lane) && !laneOf(',
    by: 'if (lane !== undefined && !isDevice(lane) && isDevice(lane) && !laneOf(',
    killedBy: {
      file: 'test/contract/store.memory.spec.ts',
      test: 'a device lane that is not there is told so, and nothing is taken',
    },
  },
  {
    name: 'device-token-for-ever',
    guard: 'a device token ends 90 days after its issue',
    file: 'devices/device-tokens.ts',
    replace: 'return this.clock.now() >= (issuedAt + DEVICE_LIFETIME_SECONDS) * 1000;',
    by: 'return this.clock.now() < issuedAt;',
    killedBy: { file: DEVICE_TOKENS, test: 'forgets a token 90 days after its issue and no second earlier' },
  },
  {
    name: 'device-token-respelled',
    guard: 'a device token has one spelling',
    file: 'devices/device-tokens.ts',
    replace: " || bytes.toString('base64url') !== token",
    by: '',
    killedBy: { file: DEVICE_TOKENS, test: 'has one spelling for each token' },
  },
  {
    name: 'devices-shared-by-applications',
    guard: 'two applications with the same secrets share no key',
    file: 'secrets/secret-ring.ts',
    replace: '`nestjs-sms-otp/v1/${namespace}/${use}`',
    by: '`nestjs-sms-otp/v1/${use}`',
    killedBy: { file: DEVICE_TOKENS, test: 'is worth nothing in another application' },
  },
  {
    name: 'one-key-for-every-use',
    guard: 'no two mechanisms share a key',
    file: 'secrets/secret-ring.ts',
    replace: '`nestjs-sms-otp/v1/${namespace}/${use}`',
    by: '`nestjs-sms-otp/v1/${namespace}`',
    killedBy: {
      file: 'libs/otp/src/secrets/secret-ring.spec.ts',
      test: 'gives every use and every namespace a key of its own',
    },
  },
];
