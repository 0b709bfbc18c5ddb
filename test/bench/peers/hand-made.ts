import { randomInt } from 'node:crypto';
import { Body, Controller, Module, Post, UnauthorizedException, UseGuards } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { CodeBoard } from '../http/code-board.js';
import type { MeasuredServer, ServerOptions } from '../http/measured-server.js';
import { startNest } from '../http/nest-server.js';

const LIFETIME_SECONDS = 300;
const PER_MINUTE = { limit: 60, ttl: 60_000 } as const;
const PER_NUMBER = { points: 5, duration: 3600, keyPrefix: 'sms' } as const;

interface SendBody {
  readonly phoneNumber: string;
}

interface VerifyBody extends SendBody {
  readonly code: string;
}

/**
 * What tutorials put together: `@nestjs/throttler` by IP, `rate-limiter-flexible` by number, six digits in Redis with a
 * lifetime; compared, then deleted. It counts no wrong codes, and of two right answers at once both may win.
 */
export async function startHandMade(
  { redisUrl }: Extract<ServerOptions, { kind: 'by hand' }>,
  codes: CodeBoard,
): Promise<MeasuredServer> {
  const client = new Redis(redisUrl);
  const perNumber = new RateLimiterRedis({ storeClient: client, ...PER_NUMBER });

  @Controller('codes')
  @UseGuards(ThrottlerGuard)
  class CodesController {
    @Post()
    async send(@Body() { phoneNumber }: SendBody): Promise<{ readonly sent: true }> {
      await perNumber.consume(phoneNumber);
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      await client.set(keyOf(phoneNumber), code, 'EX', LIFETIME_SECONDS);
      codes.put(phoneNumber, code);
      return { sent: true };
    }

    @Post('verify')
    async verify(@Body() { phoneNumber, code }: VerifyBody): Promise<{ readonly verified: true }> {
      if ((await client.get(keyOf(phoneNumber))) !== code) {
        throw new UnauthorizedException();
      }
      await client.del(keyOf(phoneNumber));
      return { verified: true };
    }
  }

  @Module({
    imports: [ThrottlerModule.forRoot({ throttlers: [PER_MINUTE], storage: new ThrottlerStorageRedisService(client) })],
    controllers: [CodesController],
  })
  class HandMadeModule {}

  const server = await startNest(HandMadeModule, 'Fastify');
  return {
    port: server.port,
    async close() {
      await server.close();
      client.disconnect();
    },
  };
}

function keyOf(phoneNumber: string): string {
  return `code:${phoneNumber}`;
}
