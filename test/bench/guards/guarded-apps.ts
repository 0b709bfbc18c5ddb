import { type CanActivate, Controller, Get, Module, type ModuleMetadata, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { Redis } from 'ioredis';
import { freshRedisStore } from '../otp-settings.js';
import type { BenchRedis } from '../redis.js';
import { HOUR_LIMIT, MINUTE_LIMIT } from './guard-limits.js';
import { LimitGuard } from './limit.guard.js';

export interface GuardedApp {
  readonly port: number;
  close(): Promise<void>;
}

type Guard = CanActivate | (new (...args: never[]) => CanActivate);

/** A route without a guard. */
export function bareApp(): Promise<GuardedApp> {
  return start({});
}

export async function limitApp(redis: BenchRedis): Promise<GuardedApp> {
  const store = freshRedisStore(redis);
  await store.connect();
  const app = await start({ guard: new LimitGuard(store) });
  return {
    port: app.port,
    async close() {
      await app.close();
      await store.close();
    },
  };
}

/** `setHeaders` is its default: three headers for each limit on every answer. */
export async function throttlerApp(redis: BenchRedis, setHeaders: boolean): Promise<GuardedApp> {
  const client = new Redis(redis.url, { lazyConnect: true, enableOfflineQueue: false });
  await client.connect();
  const throttling = ThrottlerModule.forRoot({
    throttlers: [
      { name: 'minute', limit: MINUTE_LIMIT.limit, ttl: MINUTE_LIMIT.windowSeconds * 1000 },
      { name: 'hour', limit: HOUR_LIMIT.limit, ttl: HOUR_LIMIT.windowSeconds * 1000 },
    ],
    storage: new ThrottlerStorageRedisService(client),
    setHeaders,
  });
  const app = await start({ imports: [throttling], guard: ThrottlerGuard });
  return {
    port: app.port,
    async close() {
      await app.close();
      await client.quit();
    },
  };
}

async function start({
  imports = [],
  guard,
}: {
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  readonly guard?: Guard;
}): Promise<GuardedApp> {
  @Controller()
  @UseGuards(...(guard === undefined ? [] : [guard]))
  class RouteController {
    @Get('guarded')
    answer(): { readonly ok: true } {
      return { ok: true };
    }
  }

  @Module({ imports, controllers: [RouteController] })
  class BenchModule {}

  // The load comes from one machine; whose it is stands in its X-Forwarded-For.
  const adapter = new FastifyAdapter({ trustProxy: true });
  const app = await NestFactory.create<NestFastifyApplication>(BenchModule, adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { port: Number(new URL(await app.getUrl()).port), close: () => app.close() };
}
