import { Controller, Get, Module } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type OtpStore, OtpModule } from 'nestjs-sms-otp';
import {
  CodeSink,
  freshClusterStore,
  freshMemoryStore,
  freshRedisStore,
  HASHERS,
  OTP_SETTINGS,
} from '../otp-settings.js';
import type { CodeBoard } from './code-board.js';
import type { MeasuredServer, ServerOptions, StorePlace } from './measured-server.js';
import { startNest } from './nest-server.js';

type ModuleOptions = Extract<ServerOptions, { kind: 'module' }>;

/** The module with its built-in routes, and another route of the application. */
export async function startOtpServer(
  { adapter, store: place, hashing }: ModuleOptions,
  codes: CodeBoard,
): Promise<MeasuredServer> {
  const { store, disconnect } = storeAt(place);
  const sink = new CodeSink((number, code) => codes.put(number, code));

  @Controller()
  class OtherController {
    @Get('other')
    answer(): { readonly ok: true } {
      return { ok: true };
    }
  }

  @Module({
    imports: [
      OtpModule.forRoot({
        ...OTP_SETTINGS,
        trustedProxies: ['loopback'],
        store,
        hashing: HASHERS[hashing](),
        transports: [sink],
      }),
    ],
    controllers: [OtherController],
  })
  class ServerModule {}

  const server = await startNest(ServerModule, adapter);
  return {
    port: server.port,
    async close() {
      await server.close();
      disconnect();
    },
  };
}

function storeAt(place: StorePlace): { readonly store: OtpStore; disconnect(): void } {
  switch (place.kind) {
    case 'memory':
      return { store: freshMemoryStore(), disconnect: () => undefined };
    case 'Redis':
      return { store: freshRedisStore(place), disconnect: () => undefined };
    case 'Cluster': {
      const client = new Redis.Cluster(place.ports.map((port) => ({ host: '127.0.0.1', port })));
      return { store: freshClusterStore(client), disconnect: () => client.disconnect() };
    }
  }
}
