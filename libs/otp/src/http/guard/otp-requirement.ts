import type { ExecutionContext } from '@nestjs/common';
import type { OtpBindingInput, OtpPurposeName } from '../../challenge/purpose.js';
import { rememberMark } from '../marked-methods.js';
import type { OtpRequest } from './otp-request.js';

export interface RequireOtpOptions<P extends string = OtpPurposeName> {
  /**
   * `inline`: the first request is answered with a challenge (401 `otp_required`), and the same request with the headers
   * `OTP-Challenge` and `OTP-Code` passes once. `proof`: the header `OTP-Proof` carries a proof that a right code earned.
   * `both`: either. @default 'both'
   */
  readonly mode?: 'inline' | 'proof' | 'both';
  /**
   * What the code is to stand for, in the members of the purpose's `binding` schema. Taken anew from each request, so a
   * changed amount makes the code wrong; of query string and body nothing else is bound. `false` says that nothing of the
   * body matters. @default none; a warning at boot
   */
  readonly binding?:
    false | ((request: OtpRequest, context: ExecutionContext) => OtpBindingInput<P> | Promise<OtpBindingInput<P>>);
  /** A proof opens one request and no second, even when the handler fails. @default true with a binding */
  readonly singleUse?: boolean;
  /** How long ago the code may have been entered, in seconds, 1 to 86400. @default the lifetime of proofs */
  readonly maxAgeSeconds?: number;
  /** Who must be in the proof's audience; one of the purpose's `audience`. @default this application's namespace */
  readonly audience?: string;
  /**
   * Name of a cookie that may carry the proof as well. From a cookie it is taken on unsafe methods only when the browser
   * says that the request comes from this very site or from a listed origin. @default none
   */
  readonly cookie?: string;
  /**
   * Short form of the module's `caller`, for this route: the number of whoever is signed in, international (`+…`).
   * @default the module's caller
   */
  readonly phoneNumber?: (
    request: OtpRequest,
    context: ExecutionContext,
  ) => string | undefined | Promise<string | undefined>;
  /** Whether a message is sent for GET, HEAD and OPTIONS, and for queries of GraphQL. @default false */
  readonly startOnSafeMethods?: boolean;
  /** For a gradual roll-out: `true` lets this request through without a code. What it throws refuses. @default never */
  readonly skipIf?: (request: OtpRequest, context: ExecutionContext) => boolean | Promise<boolean>;
}

/** What `@RequireOtp` leaves for the guard. */
export interface OtpRequirement extends Omit<RequireOtpOptions, 'binding'> {
  readonly purpose: string;
  /** Of whichever purpose: what it gives is checked by the purpose's schema. */
  readonly binding?: false | ((request: OtpRequest, context: ExecutionContext) => unknown);
}

/** Whether a proof opens one call and no second: by default where it stands for something. */
export function isSpent({ singleUse, binding }: OtpRequirement): boolean {
  return singleUse ?? typeof binding === 'function';
}

export const OTP_REQUIREMENT = 'nestjs-sms-otp:requirement';

/** What stands on one class or handler: a requirement, or that there is none (`@SkipOtp`). */
export type RequirementMark = OtpRequirement | 'skip';

const merged = new WeakMap<object, WeakMap<object, OtpRequirement | undefined>>();

/**
 * The requirement of a handler: its own, else its class's. Where both are for one purpose, the options of the class are
 * the defaults of the handler's; a handler's other purpose stands alone, and `@SkipOtp()` lifts the class's.
 *
 * Always the same object for the same handler and class.
 */
export function requirementOf(handler: object, target: object): OtpRequirement | undefined {
  const known = merged.get(handler);
  if (known?.has(target)) {
    return known.get(target);
  }
  const requirement = mergeMarks(markOf(handler), markOf(target));
  merged.set(handler, (known ?? new WeakMap<object, OtpRequirement | undefined>()).set(target, requirement));
  return requirement;
}

/** Of a handler's mark and its class's: what counts. */
export function mergeMarks<T extends { readonly purpose: string }>(
  own: T | 'skip' | undefined,
  above: T | 'skip' | undefined,
): T | undefined {
  const mark = own ?? above;
  if (mark === undefined || mark === 'skip') {
    return undefined;
  }
  if (above === undefined || above === 'skip' || above.purpose !== mark.purpose) {
    return mark;
  }
  // An option that is there without a value is as good as left out: it must not lift what the class asks for.
  const given = Object.entries(mark).filter(([, value]) => value !== undefined);
  return { ...above, ...Object.fromEntries(given) };
}

/** Whether a handler or its class is marked at all, if only to be skipped. */
export function isMarked(handler: object, target: object): boolean {
  return markOf(handler) !== undefined || markOf(target) !== undefined;
}

function markOf(target: object): RequirementMark | undefined {
  // Written by `markTarget` alone.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Reflect.getMetadata(OTP_REQUIREMENT, target) as RequirementMark | undefined;
}

/**
 * Marks a handler or a class.
 *
 * @throws Error for a second mark on one target: which of two should count cannot be told.
 */
export function markTarget(mark: RequirementMark): MethodDecorator & ClassDecorator {
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor): void => {
    const handler: unknown = descriptor?.value;
    const marked = typeof handler === 'function' ? handler : target;
    if (hasOwnMark(marked)) {
      throw new Error(
        '@RequireOtp() and @SkipOtp() may stand only once on a class or handler; for several purposes use several handlers',
      );
    }
    Reflect.defineMetadata(OTP_REQUIREMENT, mark, marked);
    if (name !== undefined) {
      rememberMark(target, name, OTP_REQUIREMENT);
    }
  };
}

/** Whether a mark stands on this very target. */
export function hasOwnMark(target: object): boolean {
  return Reflect.hasOwnMetadata(OTP_REQUIREMENT, target);
}
