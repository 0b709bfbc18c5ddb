import type { OtpRequirement, RequirementMark } from '../guard/otp-requirement.js';
import { swaggerDecorators } from './load-swagger.js';

/** Names of what decorators leave in a document for `describeOtp`, which takes it out again. */
export const MARKS = { guard: 'x-otp-guard', route: 'x-otp-route', throttle: 'x-otp-throttle' } as const;

/** What a document tells of a requirement; nothing else of one may get into a document. */
export interface GuardMark {
  readonly purpose: string;
  readonly mode?: 'inline' | 'proof' | 'both';
  /** The code stands for what the request says. */
  readonly bound?: boolean;
  readonly singleUse?: boolean;
  readonly maxAgeSeconds?: number;
  readonly audience?: string;
  readonly cookie?: string;
}

export type RouteName = 'create' | 'resend' | 'verify' | 'status' | 'cancel' | 'publicKeys';

/** On each built-in route. */
export function DescribedRoute(route: RouteName): MethodDecorator {
  return leave(MARKS.route, route);
}

/** On a controller that is not for an application's clients. */
export function NotDescribed(): ClassDecorator {
  return (target) => swaggerDecorators()?.ApiExcludeController()(target);
}

/** Part of `@RequireOtp` and `@SkipOtp`. */
export function describeGuarded(mark: RequirementMark): MethodDecorator & ClassDecorator {
  return leave(MARKS.guard, mark === 'skip' ? mark : guardMark(mark));
}

/** Part of `@OtpThrottle`. */
export function describeThrottled(): MethodDecorator & ClassDecorator {
  return leave(MARKS.throttle, true);
}

function guardMark(requirement: OtpRequirement): GuardMark {
  const { purpose, mode, binding, singleUse, maxAgeSeconds, audience, cookie } = requirement;
  const bound = binding === undefined ? undefined : binding !== false;
  const told = Object.entries({ mode, bound, singleUse, maxAgeSeconds, audience, cookie });
  // What is not given is the class's to give.
  return { purpose, ...Object.fromEntries(told.filter(([, value]) => value !== undefined)) };
}

/**
 * A handler's mark is an extension of its operation. A class's stands among its responses, under a name that is no status:
 * those are what swagger takes over from a class, and from its base class, to every handler.
 *
 * No decorator writes a response itself: swagger would then leave out the success of the handler, and could not take back
 * from one handler what its class has said.
 */
function leave(name: string, mark: unknown): MethodDecorator & ClassDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const swagger = swaggerDecorators();
    if (swagger === undefined) {
      return;
    }
    const decorate =
      descriptor === undefined
        ? swagger.ApiResponse({ status: name, description: '', mark })
        : swagger.ApiExtension(name, mark);
    Reflect.apply(decorate, undefined, [target, key, descriptor]);
  };
}
