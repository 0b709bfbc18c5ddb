import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { unmarkedMethods } from '../marked-methods.js';
import { AppliedOtpGuard } from './applied-otp.guard.js';
import { isFieldResolver, isOperation } from './field-resolver.js';
import type { OtpGuard } from './otp.guard.js';
import { hasOwnMark, type OtpRequirement, requirementOf } from './otp-requirement.js';

export interface GuardedHandler {
  /** `PayoutsController.pay`. */
  readonly name: string;
  readonly requirement: OtpRequirement;
  /** Of a field of a GraphQL type. */
  readonly ofField: boolean;
  /** Of an operation of GraphQL: what is sent is part of what is called. */
  readonly ofOperation: boolean;
}

export interface Scanned {
  readonly guarded: readonly GuardedHandler[];
  /** Marked, and nothing tells that Nest calls them: most likely of a service, before which no guard stands. */
  readonly uncalled: readonly string[];
  /** Their mark is gone, and the guard with it: a decorator above has put another function in their place. */
  readonly replaced: readonly string[];
  /** Classes with guarded handlers of which the application made the instance: Nest has no guards for those and runs none. */
  readonly handmade: readonly string[];
}

interface Method {
  readonly name: string;
  readonly method: object;
}

/** Finds what `@RequireOtp()` stands on in the application. */
@Injectable()
export class RequirementScan {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** An application may have several `OtpModule`s that are not global: only what this guard stands on. */
  scan(guard: OtpGuard): Scanned {
    const classes = this.classesOf(guard).map((target) => ({ target, methods: this.methodsOf(target) }));
    return {
      guarded: classes.flatMap(({ target, methods }) => guardedHandlers(target, methods)),
      uncalled: classes.flatMap(({ target, methods }) => uncalledNames(target, methods)),
      replaced: classes.flatMap(({ target }) =>
        unmarkedMethods(prototypeOf(target)).map((name) => `${target.name}.${name}`),
      ),
      handmade: this.handmadeClasses()
        .filter((target) => guardedHandlers(target, this.methodsOf(target)).length > 0)
        .map(({ name }) => name),
    };
  }

  private handmadeClasses(): NewableFunction[] {
    const providers = this.discovery.getProviders();
    const known = new Set<unknown>(providers.map(({ metatype }) => metatype));
    const classes = providers.flatMap(({ instance }) => constructorOf(instance));
    return [...new Set(classes)].filter((target) => !known.has(target));
  }

  private classesOf(guard: OtpGuard): NewableFunction[] {
    const wrappers = [...this.discovery.getControllers(), ...this.discovery.getProviders()];
    const classes = wrappers.flatMap(({ metatype, host }) => {
      const applied: unknown = host?.injectables.get(AppliedOtpGuard)?.instance;
      const isOurs = !(applied instanceof AppliedOtpGuard) || applied.guard === guard;
      return isOurs && isClass(metatype) ? [metatype] : [];
    });
    return [...new Set(classes)];
  }

  private methodsOf(target: NewableFunction): Method[] {
    const prototype = prototypeOf(target);
    return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
      const method: unknown = Reflect.get(prototype, name);
      return typeof method === 'function' ? [{ name, method }] : [];
    });
  }
}

function guardedHandlers(target: NewableFunction, methods: readonly Method[]): GuardedHandler[] {
  return methods.filter(isHandler).flatMap(({ name, method }) => {
    const requirement = requirementOf(method, target);
    const [ofField, ofOperation] = [isFieldResolver(method, target), isOperation(method, target)];
    return requirement ? [{ name: `${target.name}.${name}`, requirement, ofField, ofOperation }] : [];
  });
}

function uncalledNames(target: NewableFunction, methods: readonly Method[]): string[] {
  const uncalled = methods.filter(({ method }) => hasOwnMark(method) && !isCalled(method));
  const isIdle = hasOwnMark(target) && !methods.some(isHandler);
  return [...(isIdle ? [target.name] : []), ...uncalled.map(({ name }) => `${target.name}.${name}`)];
}

/** Whatever makes a method a handler of anything leaves metadata on it; a class has other methods as well. */
function isHandler({ method }: Method): boolean {
  return Reflect.getMetadataKeys(method).length > 0;
}

/** What decorators leave that do not make a method a handler: ours, Nest's enhancers, the compiler's, those of OpenAPI. */
const NO_HANDLER = /^(?:nestjs-sms-otp:|design:|swagger\/|__(?:guards|interceptors|exceptionFilters|pipes)__$)/;

function isCalled(method: object): boolean {
  return Reflect.getMetadataKeys(method).some((key) => typeof key !== 'string' || !NO_HANDLER.test(key));
}

function constructorOf(instance: unknown): NewableFunction[] {
  const prototype: unknown = isObject(instance) ? Object.getPrototypeOf(instance) : undefined;
  const made: unknown = isObject(prototype)
    ? Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
    : undefined;
  return isClass(made) ? [made] : [];
}

function isClass(value: unknown): value is NewableFunction {
  return typeof value === 'function' && isObject(value.prototype);
}

function prototypeOf(target: NewableFunction): object {
  const prototype: unknown = target.prototype;
  return isObject(prototype) ? prototype : {};
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
