import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ApplicationModule } from './application.module.js';
import { serve } from './serve.js';

void serve(NestFactory.create(ApplicationModule, { logger: ['error', 'warn'] }));
