import type { Redis } from 'ioredis';
import { redisStore } from 'nestjs-sms-otp/redis';

/** Only compiled: shows that the types of `./redis` know the `ioredis` that the application has. */
export const storeOf = (client: Redis) => redisStore({ client, namespace: 'acme' });
