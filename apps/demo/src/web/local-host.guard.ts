import { type CanActivate, type ExecutionContext, ForbiddenException, Inject, Injectable } from '@nestjs/common';
import { DEMO_CONFIG, type DemoConfig, isLoopback } from '../config.js';
import type { DemoRequest } from './demo-request.js';

/** `*.localhost` is this machine wherever it is asked for (RFC 6761 §6.3). */
const LOCAL_NAME = /^(?:[a-z0-9-]+\.)*localhost$/;

/**
 * Development shows codes to whoever reaches it, which is this machine alone. A site that lets its own name point to it (DNS
 * rebinding) would reach it through a visitor's browser: so only names of this machine are answered.
 *
 * @throws ForbiddenException for another `Host`
 */
@Injectable()
export class LocalHostGuard implements CanActivate {
  private readonly isGuarded: boolean;

  constructor(@Inject(DEMO_CONFIG) { production, host }: DemoConfig) {
    this.isGuarded = !production && isLoopback(host);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.isGuarded && !isLocal(context.switchToHttp().getRequest<DemoRequest>().headers.host)) {
      throw new ForbiddenException('The demo answers this machine only');
    }
    return true;
  }
}

function isLocal(host: string | undefined): boolean {
  const url = `http://${host ?? ''}`;
  const name = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
  return LOCAL_NAME.test(name) || isLoopback(name);
}
