import { isIP } from 'node:net';
import { COUNTRIES } from './countries.js';
import { type DeskOperator, readDeskOperator } from './desk-operator.js';
import { readSecrets, type DemoSecrets } from './demo-secrets.js';
import { DemoConfigError, quote, read, readList, type Environment } from './environment.js';

/** The token of the {@link DemoConfig}. */
export const DEMO_CONFIG = Symbol('DEMO_CONFIG');

/** Everything the demo takes from its environment, checked. */
export interface DemoConfig extends DemoSecrets {
  readonly production: boolean;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  readonly host: string;
  /** The host that codes are bound to, where it is known: browsers bind none to an address. */
  readonly origin?: string;
  /** Without it everything is kept in memory. */
  readonly redisUrl?: string;
  /** CIDRs, or `loopback`. */
  readonly trustedProxies: readonly string[];
  /** ISO 3166-1 alpha-2 codes; without it every country. */
  readonly countries?: readonly string[];
  /** Who may see the security desk; without it there is none. */
  readonly desk?: DeskOperator;
}

export function sendableCountries({ countries = COUNTRIES }: DemoConfig): readonly string[] {
  return countries;
}

/** @throws DemoConfigError */
export function readDemoConfig(env: Environment): DemoConfig {
  const production = readProduction(env);
  const secrets = readSecrets(env, production);
  const host = readHost(env);
  const origin = originOf(host);
  const redisUrl = readRedisUrl(env);
  const countries = readCountries(env);
  const desk = readDeskOperator(env, production);
  return {
    production,
    port: readPort(env),
    host,
    trustedProxies: readTrustedProxies(env),
    ...secrets,
    ...(origin !== undefined && { origin }),
    ...(redisUrl !== undefined && { redisUrl }),
    ...(countries !== undefined && { countries }),
    ...(desk !== undefined && { desk }),
  };
}

/** A misspelled `production` must not open the development inbox, so unknown values are refused. */
function readProduction(env: Environment): boolean {
  const value = read(env, 'NODE_ENV') ?? 'development';
  if (!['development', 'test', 'production'].includes(value)) {
    throw new DemoConfigError(
      `NODE_ENV is ${quote(value)}: use production, development or test, or leave it out for development.`,
    );
  }
  return value === 'production';
}

function readPort(env: Environment): number {
  const value = read(env, 'PORT') ?? '3000';
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port > 65_535) {
    throw new DemoConfigError(`PORT is ${quote(value)}: use a whole number from 0 to 65535, e.g. PORT=3000.`);
  }
  return port;
}

function readHost(env: Environment): string {
  const value = read(env, 'HOST') ?? '127.0.0.1';
  if (isIP(value) === 0 && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i.test(value)) {
    throw new DemoConfigError(
      `HOST is ${quote(value)}: use an address or a host name without scheme and port, e.g. HOST=127.0.0.1.`,
    );
  }
  return value;
}

function originOf(host: string): string | undefined {
  if (isLoopback(host)) {
    return 'localhost';
  }
  return isIP(host) === 0 ? host.toLowerCase() : undefined;
}

/** Whether only this machine reaches the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readRedisUrl(env: Environment): string | undefined {
  const value = read(env, 'REDIS_URL');
  if (value !== undefined && !(/^rediss?:\/\/[^/]/.test(value) && URL.canParse(value))) {
    throw new DemoConfigError('REDIS_URL is not a Redis address: use e.g. REDIS_URL=redis://127.0.0.1:6379.');
  }
  return value;
}

function readTrustedProxies(env: Environment): readonly string[] {
  const entries = readList(env, 'TRUSTED_PROXIES') ?? [];
  const wrong = entries.find((entry) => entry !== 'loopback' && !isNetwork(entry));
  if (wrong !== undefined) {
    throw new DemoConfigError(
      `TRUSTED_PROXIES has ${quote(wrong)}: use addresses, CIDRs or loopback, e.g. TRUSTED_PROXIES=10.0.0.0/8,loopback.`,
    );
  }
  return entries;
}

/** A prefix of 0 would trust everybody, and everybody could then forge an address. */
function isNetwork(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) {
    return false;
  }
  const bits = Number(prefix ?? '32');
  return (prefix === undefined || /^\d{1,3}$/.test(prefix)) && bits >= 1 && bits <= (version === 4 ? 32 : 128);
}

function readCountries(env: Environment): readonly string[] | undefined {
  const codes = readList(env, 'OTP_COUNTRIES')?.map((code) => code.toUpperCase());
  const unknown = codes?.find((code) => !COUNTRIES.includes(code));
  if (unknown !== undefined) {
    throw new DemoConfigError(
      `OTP_COUNTRIES has ${quote(unknown)}, which is no country: use ISO 3166-1 codes of two letters, e.g. OTP_COUNTRIES=NL,BE.`,
    );
  }
  return codes;
}
