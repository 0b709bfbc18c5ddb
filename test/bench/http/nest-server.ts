import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AdapterName, MeasuredServer } from './measured-server.js';

/** The load comes from one machine; whose it is stands in its `X-Forwarded-For`. */
export async function startNest(module: Type, adapter: AdapterName): Promise<MeasuredServer> {
  const app = await (adapter === 'Express' ? expressApp(module) : fastifyApp(module));
  await app.listen(0, '127.0.0.1');
  return { port: Number(new URL(await app.getUrl()).port), close: () => app.close() };
}

async function expressApp(module: Type): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, new ExpressAdapter(), { logger: false });
  app.set('trust proxy', 'loopback');
  return app;
}

function fastifyApp(module: Type): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({ trustProxy: 'loopback' });
  return NestFactory.create<NestFastifyApplication>(module, adapter, { logger: false });
}
