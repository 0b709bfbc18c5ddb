import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, mixin, UseGuards } from '@nestjs/common';
import type { DemoRequest } from '../web/demo-request.js';
import { KnownBrowsers, type Role } from './known-browsers.service.js';

type FormRequest = DemoRequest & { readonly body?: unknown };

const budgets = new WeakMap<FormRequest, string>();

/**
 * Decides whose budget the try of a password uses, before it is counted: it stands below `@OtpThrottle`, for decorators run
 * from the bottom up.
 */
export function PasswordBudget(role: Role, whose: (body: unknown) => string): MethodDecorator {
  @Injectable()
  class BudgetGuard implements CanActivate {
    constructor(private readonly browsers: KnownBrowsers) {}

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = context.switchToHttp().getRequest<FormRequest>();
      const person = whose(request.body);
      const browser = await this.browsers.keyOf(role, person, request);
      budgets.set(request, browser === undefined ? person : `browser ${browser}`);
      return true;
    }
  }
  return applyDecorators(UseGuards(mixin(BudgetGuard)));
}

export function budgetOf(request: FormRequest): string {
  const budget = budgets.get(request);
  if (budget === undefined) {
    throw new Error('budgetOf() needs @PasswordBudget on the handler');
  }
  return budget;
}
