import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { DemoRequest } from '../../web/demo-request.js';
import { DeskAccessService } from './desk-access.service.js';

/**
 * Lets the operator through.
 *
 * @throws UnauthorizedException for everybody else
 */
@Injectable()
export class DeskGuard implements CanActivate {
  constructor(private readonly access: DeskAccessService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    this.access.operator();
    if (!(await this.access.isOpen(context.switchToHttp().getRequest<DemoRequest>()))) {
      throw new UnauthorizedException();
    }
    return true;
  }
}
