import type { INestApplication } from '@nestjs/common';
import { Redis } from 'ioredis';
import { type Leak, NAMESPACE } from './messages.js';

/** What each does at every request, once it is prepared. */
const LEAKS: Readonly<Record<Leak, (redisUrl: string) => () => void>> = {
  memory: () => {
    const kept: string[][] = [];
    return () => kept.push(Array.from({ length: 500 }, (_, index) => `kept ${kept.length} ${index}`));
  },
  handle: () => () => setInterval(() => undefined, 60_000),
  rejection: () => () => void Promise.reject(new Error('put in on purpose')),
  key: (redisUrl) => {
    const client = new Redis(redisUrl);
    client.on('error', () => undefined);
    return () => void client.set(`${NAMESPACE}:{kept}`, '').catch(() => undefined);
  },
};

/** Puts the fault into each request of the application. */
export function putIn(leak: Leak, app: INestApplication, redisUrl: string): void {
  const doIt = LEAKS[leak](redisUrl);
  app.use((_request: unknown, _response: unknown, next: () => void) => {
    doIt();
    next();
  });
}
