import {
  createParamDecorator,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { DemoRequest } from '../web/demo-request.js';
import type { Session } from './session.js';
import { SessionService } from './session.service.js';

const sessions = new WeakMap<DemoRequest, Session>();

/**
 * Lets signed-in requests through and keeps their session for {@link CurrentSession}.
 *
 * @throws UnauthorizedException without a live session
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly service: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<DemoRequest>();
    const session = await this.service.find(request);
    if (session === undefined) {
      throw new UnauthorizedException();
    }
    sessions.set(request, session);
    return true;
  }
}

/** The session that {@link SessionGuard} found. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext): Session => {
  const session = sessions.get(context.switchToHttp().getRequest<DemoRequest>());
  if (session === undefined) {
    throw new Error('@CurrentSession() needs SessionGuard on the handler');
  }
  return session;
});
