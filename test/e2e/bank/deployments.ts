import type { Environment } from '../../../apps/demo/src/environment.js';
import { startDemo } from '../../support/demo-app.js';
import { startRedis } from '../../support/redis-server.js';
import type { Deployment } from './run-flows.js';

export interface Setting {
  readonly adapter: 'express' | 'fastify';
  readonly store: 'memory' | 'Redis';
}

export async function deploy({ adapter, store }: Setting, env: Environment = {}): Promise<Deployment> {
  const redis = store === 'Redis' ? await startRedis() : undefined;
  const demo = await startDemo({ adapter, env: { ...env, ...(redis && { REDIS_URL: redis.url }) } });
  return {
    demo,
    async stop() {
      await demo.stop();
      await redis?.stop();
    },
  };
}
