import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApplicationModule } from './application.module.js';
import { serve } from './serve.js';

void serve(
  NestFactory.create<NestFastifyApplication>(ApplicationModule, new FastifyAdapter(), { logger: ['error', 'warn'] }),
);
