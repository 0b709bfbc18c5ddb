import type { INestApplication } from '@nestjs/common';
import { OtpEvents, type OtpEvent } from 'nestjs-sms-otp';
import { redisStore } from 'nestjs-sms-otp/redis';
import { ManualClock, RecordingTransport } from 'nestjs-sms-otp/testing';
import { afterAll } from 'vitest';
import { OtpHttpClient } from './http.js';
import { ADAPTERS, type OtpApp, type OtpAppOptions, startOtpApp } from './otp-app.js';
import { type RedisServer, startRedis } from './redis-server.js';
import type { StoreWrapper } from './unguarded-store.js';

/** What the same tests run against. To be imported by spec files: it ends the Redis that they share. */
export interface Deployment {
  readonly name: string;
  start(options?: DeploymentOptions): Promise<DeployedApp>;
}

/** `app` is the first instance. */
export interface DeployedApp extends OtpApp {
  readonly instances: readonly INestApplication[];
}

export type DeploymentOptions = Omit<OtpAppOptions, 'store' | 'adapter' | 'transports'>;

interface InstancesOptions extends DeploymentOptions {
  /** Stands between the module and Redis, e.g. to take a guard out. */
  readonly wrapStore?: StoreWrapper;
}

/** A real one for each spec file, started when the first test wants it. */
let redis: Promise<RedisServer> | undefined;
afterAll(async () => (await redis)?.stop());

export const TWO_INSTANCES = { name: 'two instances on Redis', start: startTwoInstances } satisfies Deployment;

/** One process with everything in memory, on each HTTP adapter. */
export const IN_MEMORY: readonly Deployment[] = ADAPTERS.map((adapter) => ({
  name: adapter,
  start: (options: DeploymentOptions = {}) => startInMemory({ adapter, ...options }),
}));

/** The same, and two instances. */
export const DEPLOYMENTS: readonly Deployment[] = [...IN_MEMORY, TWO_INSTANCES];

/** For what does not depend on the HTTP adapter. */
export const STORES: readonly Deployment[] = [{ name: 'memory', start: startInMemory }, TWO_INSTANCES];

async function startInMemory(options?: OtpAppOptions): Promise<DeployedApp> {
  const otp = await startOtpApp(options);
  return { ...otp, instances: [otp.app] };
}

/**
 * Two applications on one Redis and one clock, of which each request meets the other one than the request before. Their
 * messages go to one transport.
 */
async function startTwoInstances({
  wrapStore = (store) => store,
  ...options
}: InstancesOptions = {}): Promise<DeployedApp> {
  redis ??= startRedis();
  const { url } = await redis;
  const clock = options.clock ?? new ManualClock();
  const transport = new RecordingTransport();
  const namespace = `test-${crypto.randomUUID().slice(0, 8)}`;
  const start = () => {
    const store = wrapStore(redisStore({ url, namespace, clock }));
    return startOtpApp({ ...options, clock, store, transports: [transport] });
  };
  const [one, other] = [await start(), await start()];
  let requests = 0;
  return {
    app: one.app,
    instances: [one.app, other.app],
    transport,
    clock,
    get url() {
      requests += 1;
      return requests % 2 === 0 ? one.url : other.url;
    },
    codeTo(phoneNumber) {
      const code = transport.lastCodeTo(phoneNumber);
      if (code === undefined) {
        throw new Error('no message went there');
      }
      return code;
    },
    close: async () => {
      await one.close();
      await other.close();
    },
  };
}

/** All events of all instances from now on. */
export function eventsOfAll({ instances }: DeployedApp): OtpEvent[] {
  const events: OtpEvent[] = [];
  for (const app of instances) {
    app.get(OtpEvents, { strict: false }).on('*', (event) => events.push(event));
  }
  return events;
}

/** The client with this address, where the proxy on loopback is listed; `headers` go with each of its requests. */
export function clientAt(otp: OtpApp, address: string, headers: Readonly<Record<string, string>> = {}): OtpHttpClient {
  return new OtpHttpClient(otp, { 'X-Forwarded-For': address, ...headers });
}
