import { type CanActivate, type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import type { JwtService } from '@nestjs/jwt';

interface AuthorizedRequest {
  readonly headers: { readonly authorization?: string };
  user?: object;
}

/** A bearer token checked by `@nestjs/jwt`, in the way that NestJS documents. */
export class JwtAuthGuard implements CanActivate {
  constructor(private readonly jwt: JwtService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<AuthorizedRequest>();
    const [scheme, token] = request.headers.authorization?.split(' ') ?? [];
    if (scheme !== 'Bearer' || token === undefined) {
      throw new UnauthorizedException();
    }
    try {
      request.user = await this.jwt.verifyAsync<object>(token);
    } catch {
      throw new UnauthorizedException();
    }
    return true;
  }
}
