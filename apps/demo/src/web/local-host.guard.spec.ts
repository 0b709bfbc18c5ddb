import { ForbiddenException } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from 'vitest';
import { readDemoConfig } from '../config.js';
import { LocalHostGuard } from './local-host.guard.js';

const asked =
  (host: string | undefined, env = {}) =>
  () =>
    new LocalHostGuard(readDemoConfig(env)).canActivate(new ExecutionContextHost([{ headers: { host } }]));

describe('LocalHostGuard', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'bank.localhost:3000'])(
    'answers %s',
    (host) => {
      expect(asked(host)()).toBe(true);
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '192.168.1.4',
    'x y',
    '127.0.0.1.nip.io',
  ])('case 67: refuses %s, which a foreign site may let point here', (host) => {
    expect(asked(host)).toThrow(ForbiddenException);
  });

  it('leaves a demo alone that listens to others', () => {
    expect(asked('bank.example', { HOST: '0.0.0.0' })()).toBe(true);
  });
});
