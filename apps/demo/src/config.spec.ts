import { describe, expect, it } from 'vitest';
import { readDemoConfig } from './config.js';
import { DemoConfigError, type Environment } from './environment.js';

const secret = 'a-secret-of-forty-characters-for-the-tests';
const other = 'b-secret-of-forty-characters-for-the-tests';

function refusal(env: Environment): string {
  try {
    readDemoConfig(env);
  } catch (error) {
    if (error instanceof DemoConfigError) {
      return error.message;
    }
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('readDemoConfig', () => {
  it.each([
    [undefined, 'localhost'],
    ['::1', 'localhost'],
    ['Demo.example.org', 'demo.example.org'],
    ['0.0.0.0', undefined],
    ['192.0.2.1', undefined],
  ])('U3 on host %s binds codes to %s', (host, origin) => {
    expect(readDemoConfig({ HOST: host }).origin).toBe(origin);
  });

  it('needs nothing outside production', () => {
    const config = readDemoConfig({});
    expect(config).toMatchObject({ production: false, port: 3000, host: '127.0.0.1', trustedProxies: [] });
    expect(config).not.toHaveProperty('redisUrl');
    expect(config).not.toHaveProperty('countries');
    expect(config).not.toHaveProperty('indexSecret');
  });

  it('makes a random secret with a warning, in a namespace of its own', () => {
    const [first, second] = [readDemoConfig({}), readDemoConfig({ OTP_SECRETS: ' ' })];
    expect(first.secrets).toHaveLength(1);
    expect(first.secrets).not.toEqual(second.secrets);
    expect(first.namespace).not.toBe(second.namespace);
    expect(first.warnings.join()).toContain('OTP_SECRETS is not set');
  });

  it('reads every variable', () => {
    const config = readDemoConfig({
      NODE_ENV: 'production',
      PORT: '8080',
      HOST: '::1',
      REDIS_URL: 'redis://:word@127.0.0.1:6379/1',
      OTP_SECRETS: `${secret}, ${other}`,
      OTP_INDEX_SECRET: other,
      TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,2001:db8::/32 ,192.0.2.1',
      OTP_COUNTRIES: 'nl, BE',
    });
    expect(config).toEqual({
      production: true,
      port: 8080,
      host: '::1',
      origin: 'localhost',
      redisUrl: 'redis://:word@127.0.0.1:6379/1',
      secrets: [secret, other],
      indexSecret: other,
      namespace: 'demo',
      trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      countries: ['NL', 'BE'],
      warnings: [],
    });
  });

  it('names both secrets that production lacks', () => {
    expect(refusal({ NODE_ENV: 'production' })).toMatch(/^OTP_SECRETS and OTP_INDEX_SECRET are not set/);
    expect(refusal({ NODE_ENV: 'production', OTP_SECRETS: secret })).toMatch(/^OTP_INDEX_SECRET is not set/);
    expect(refusal({ NODE_ENV: 'production', OTP_INDEX_SECRET: secret })).toMatch(/^OTP_SECRETS is not set/);
  });

  it('asks for an index secret as soon as there is more than one secret', () => {
    expect(refusal({ OTP_SECRETS: `${secret},${other}` })).toMatch(/^OTP_INDEX_SECRET is not set although/);
  });

  it('case 67: does not take a misspelled production for development', () => {
    for (const value of ['prod', 'Production', 'staging']) {
      expect(refusal({ NODE_ENV: value })).toContain(`NODE_ENV is "${value}"`);
    }
  });

  it.each([
    ['PORT', '3000x'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '1e3'],
    ['HOST', 'http://127.0.0.1'],
    ['HOST', '127.0.0.1:3000'],
    ['REDIS_URL', 'localhost:6379'],
    ['REDIS_URL', 'http://localhost'],
    ['OTP_SECRETS', 'short'],
    ['OTP_SECRETS', `${secret},,`],
    ['OTP_INDEX_SECRET', 'short'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', '10.0.0/8'],
    ['TRUSTED_PROXIES', '0.0.0.0/0'],
    ['TRUSTED_PROXIES', '::/0'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '10.0.0.0/'],
    ['TRUSTED_PROXIES', 'everybody'],
    ['TRUSTED_PROXIES', 'loopback,'],
    ['OTP_COUNTRIES', 'NL,XX'],
    ['OTP_COUNTRIES', 'Netherlands'],
  ])('refuses %s=%s in one line that names the variable', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} .+: .+\\.$`));
    expect(message).not.toContain('\n');
  });

  it('never repeats a secret or a password', () => {
    expect(refusal({ OTP_SECRETS: 'tooshortsecret' })).not.toContain('tooshortsecret');
    expect(refusal({ REDIS_URL: 'http://:password@host' })).not.toContain('password');
  });
});
