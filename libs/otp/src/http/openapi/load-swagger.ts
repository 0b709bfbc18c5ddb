import { createRequire } from 'node:module';

/** What is used of `@nestjs/swagger`; told here, so that our types do not need its types. */
export interface SwaggerDecorators {
  ApiExcludeController(): ClassDecorator;
  ApiExtension(name: string, value: unknown): MethodDecorator;
  ApiResponse(options: {
    readonly status: string;
    readonly description: string;
    readonly mark: unknown;
  }): ClassDecorator;
}

type Loading =
  | { readonly outcome: 'loaded'; readonly swagger: SwaggerDecorators }
  | { readonly outcome: 'absent' | 'broken'; readonly cause: unknown };

const PACKAGE = '@nestjs/swagger';
const requireHere = createRequire(import.meta.url);
let loading: Loading | undefined;

/**
 * The decorators of `@nestjs/swagger`, loaded when the first of our own is used; `undefined` where it is not installed.
 * Synchronous, because decorators are. It never throws: that nothing can be described keeps no application from starting.
 */
export function swaggerDecorators(): SwaggerDecorators | undefined {
  loading ??= load();
  return loading.outcome === 'loaded' ? loading.swagger : undefined;
}

/** @throws Error when decorators could not describe themselves: a document would hide what is guarded. */
export function requireSwagger(): void {
  loading ??= load();
  if (loading.outcome !== 'loaded') {
    const mend =
      loading.outcome === 'absent'
        ? `is not found from nestjs-sms-otp: install both in one place, and leave both out of a bundle`
        : 'could not be loaded when the first route was defined: do not import() it while the application is imported';
    throw new Error(`describeOtp(): ${PACKAGE} ${mend}`, { cause: loading.cause });
  }
}

function load(): Loading {
  try {
    const swagger: unknown = requireHere(PACKAGE);
    return hasDecorators(swagger)
      ? { outcome: 'loaded', swagger }
      : {
          outcome: 'broken',
          cause: new TypeError(`${PACKAGE} has no ApiExcludeController, ApiExtension and ApiResponse`),
        };
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND';
    return { outcome: isAbsent ? 'absent' : 'broken', cause };
  }
}

function hasDecorators(module: unknown): module is SwaggerDecorators {
  return (
    typeof module === 'object' &&
    module !== null &&
    'ApiExcludeController' in module &&
    typeof module.ApiExcludeController === 'function' &&
    'ApiExtension' in module &&
    typeof module.ApiExtension === 'function' &&
    'ApiResponse' in module &&
    typeof module.ApiResponse === 'function'
  );
}
