import type { INestApplication, LoggerService, SecurityHeadersOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { OtpProblemFilter } from 'nestjs-sms-otp';
import { AppModule, type AppModuleOptions } from './app.module.js';
import { serveOpenApi } from './openapi.js';
import { NotFoundFilter } from './pages/not-found.filter.js';

export interface DemoAppOptions extends AppModuleOptions {
  /** @default 'express' */
  readonly adapter?: 'express' | 'fastify';
  /** `false` for silence. @default Nest's console logger */
  readonly logger?: LoggerService | false;
}

/** All the page needs comes from here, as files; `same-origin`, because a form without an Origin is refused as foreign. */
const SECURITY_HEADERS: SecurityHeadersOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: "'none'",
      scriptSrc: "'self'",
      styleSrc: "'self'",
      imgSrc: "'self'",
      connectSrc: "'self'",
      formAction: "'self'",
      baseUri: "'none'",
      frameAncestors: "'none'",
      requireTrustedTypesFor: "'script'",
      trustedTypes: "'none'",
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
};

/** The demo, ready to listen. */
export async function createDemoApp(options: DemoAppOptions): Promise<INestApplication> {
  const app = await create(options);
  app.useSecurityHeaders(SECURITY_HEADERS);
  app.enableCsrfProtection();
  // The last is asked first, and the module's takes everything.
  app.useGlobalFilters(app.get(OtpProblemFilter), app.get(NotFoundFilter));
  serveOpenApi(app);
  return app;
}

async function create({ adapter = 'express', logger, ...module }: DemoAppOptions): Promise<INestApplication> {
  const trustedProxies = [...module.config.trustedProxies];
  const nestOptions = { abortOnError: false, forceCloseConnections: true, ...(logger !== undefined && { logger }) };
  if (adapter === 'fastify') {
    const fastify = new FastifyAdapter(trustedProxies.length > 0 ? { trustProxy: trustedProxies } : {});
    return NestFactory.create(AppModule.forRoot(module), fastify, nestOptions);
  }
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(module),
    new ExpressAdapter(),
    nestOptions,
  );
  app.set('trust proxy', trustedProxies);
  return app;
}
