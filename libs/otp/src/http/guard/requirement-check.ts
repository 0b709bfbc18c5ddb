import { Inject, Injectable, Logger, type OnModuleInit, Scope, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Purpose } from '../../challenge/purpose.js';
import type { OtpParts } from '../../flows/otp-parts.js';
import { OTP_CALLER, OTP_PARTS } from '../otp-tokens.js';
import { GRAPHQL_OPTIONS, guardsFields } from './field-resolver.js';
import { OtpGuard } from './otp.guard.js';
import type { OtpCaller } from './otp-caller.js';
import type { OtpRequirement } from './otp-requirement.js';
import { type GuardedHandler, RequirementScan, type Scanned } from './requirement-scan.js';

const MODES = ['inline', 'proof', 'both'];
/** `proofs.ttlSeconds` may be no more. */
const LONGEST_PROOF_SECONDS = 86_400;

/**
 * Finds the mistakes of all `@RequireOtp()` when the application starts, rather than at the first request: purposes that
 * are not declared, bindings that are missing, callers that are not there, handlers that no guard stands before.
 */
@Injectable()
export class RequirementCheck implements OnModuleInit {
  private readonly logger = new Logger('OtpGuard');

  constructor(
    private readonly scan: RequirementScan,
    private readonly moduleRef: ModuleRef,
    @Inject(OTP_PARTS) private readonly parts: OtpParts,
    @Inject(OTP_CALLER) private readonly caller: Type<OtpCaller> | undefined,
  ) {}

  /** @throws Error with a line for each mistake. */
  onModuleInit(): void {
    if (this.moduleRef.introspect(OtpGuard).scope !== Scope.DEFAULT) {
      refuse(['the `guard` and what it injects must be singletons']);
    }
    const { guarded, uncalled, replaced, handmade } = this.scan.scan(this.guard);
    const problems = [
      ...this.callerProblems(),
      ...replaced.map((name) => `${name}: a decorator above took the guard away with the handler; put it below`),
      ...handmade.map(
        (name) => `${name}: is provided by useFactory or useValue, where Nest runs no guards; provide the class`,
      ),
      ...guarded.flatMap((handler) => this.problemsOf(handler)),
    ];
    if (problems.length > 0) {
      refuse(problems);
    }
    this.warn({ guarded, uncalled });
  }

  /** Not injected: where a guard lives for one request this check would too, and never run. */
  private get guard(): OtpGuard {
    return this.moduleRef.get(OtpGuard);
  }

  private warn({ guarded, uncalled }: Pick<Scanned, 'guarded' | 'uncalled'>): void {
    if (uncalled.length > 0) {
      this.logger.warn(
        `@RequireOtp() protects nothing on ${uncalled.join(', ')}, unless Nest calls it: guards stand before routes, ` +
          'resolvers and message handlers, and not before the methods of a service',
      );
    }
    const unbound = guarded.filter(
      ({ requirement: { mode, binding }, ofOperation }) => mode !== 'proof' && binding === undefined && !ofOperation,
    );
    if (unbound.length > 0) {
      this.logger.warn(
        `The codes of ${unbound.map(({ name }) => name).join(', ')} are bound to the route and not to what is sent: give ` +
          '@RequireOtp() a `binding`, or `binding: false` where nothing of it matters',
      );
    }
  }

  private callerProblems(): string[] {
    if (this.caller === undefined) {
      return [];
    }
    try {
      this.moduleRef.get(this.caller, { strict: false });
      return [];
    } catch {
      return [`the caller ${this.caller.name} is no provider of the application, or not a singleton`];
    }
  }

  private problemsOf({ name, requirement, ofField }: GuardedHandler): string[] {
    const purpose = this.parts.purposes.get(requirement.purpose);
    const problems =
      purpose === undefined
        ? [`purpose '${requirement.purpose}' is not declared in the option \`purposes\``]
        : [
            ...optionProblems(requirement),
            ...this.bindingProblems(requirement, purpose),
            ...this.audienceProblems(requirement, purpose),
          ];
    // A guard of the application's own may know its callers by itself.
    const needsCaller =
      this.guard.constructor === OtpGuard && (requirement.mode === 'inline' || purpose?.start === 'application');
    if (needsCaller && this.caller === undefined && requirement.phoneNumber === undefined) {
      problems.push('needs to know who is calling: give the module a `caller`, or the decorator `phoneNumber`');
    }
    if (ofField && !this.graphqlOptions().every(guardsFields)) {
      problems.push(
        "is a field of a type, where GraphQL runs no guards: give GraphQLModule fieldResolverEnhancers: ['guards', 'interceptors']",
      );
    }
    return problems.map((problem) => `${name}: ${problem}`);
  }

  /** Of every `GraphQLModule`. */
  private graphqlOptions(): unknown[] {
    try {
      return this.moduleRef.get<unknown>(GRAPHQL_OPTIONS, { strict: false, each: true });
    } catch {
      return [];
    }
  }

  private bindingProblems({ binding }: OtpRequirement, { name, binding: schema }: Purpose): string[] {
    if (schema !== undefined && typeof binding !== 'function') {
      return [`purpose '${name}' declares a binding, so the decorator needs \`binding: (request) => …\``];
    }
    return schema === undefined && typeof binding === 'function'
      ? [`purpose '${name}' declares no \`binding\` schema, so the message could not show what the code stands for`]
      : [];
  }

  private audienceProblems({ audience }: OtpRequirement, purpose: Purpose): string[] {
    return audience === undefined || purpose.audience.includes(audience)
      ? []
      : [`'${audience}' is not in the \`audience\` of purpose '${purpose.name}', so no proof would do`];
  }
}

/** What a compiler cannot see, or that of a number only its value tells. */
function optionProblems(requirement: OtpRequirement): string[] {
  const { mode = 'both', maxAgeSeconds = 1, binding = false, cookie = 'name' } = requirement;
  const isAge = Number.isSafeInteger(maxAgeSeconds) && maxAgeSeconds >= 1 && maxAgeSeconds <= LONGEST_PROOF_SECONDS;
  const isOf = (name: 'singleUse' | 'startOnSafeMethods' | 'phoneNumber' | 'skipIf', type: 'boolean' | 'function') =>
    requirement[name] === undefined || typeof requirement[name] === type;
  return [
    ...(MODES.includes(mode) ? [] : ["`mode` must be 'inline', 'proof' or 'both'"]),
    ...(isAge ? [] : [`\`maxAgeSeconds\` must be a whole number from 1 to ${LONGEST_PROOF_SECONDS}`]),
    ...(binding === false || typeof binding === 'function' ? [] : ['`binding` must be a function, or false']),
    ...(typeof cookie === 'string' && cookie !== '' ? [] : ['`cookie` must be the name of a cookie']),
    ...(['singleUse', 'startOnSafeMethods'] as const)
      .filter((name) => !isOf(name, 'boolean'))
      .map((name) => `\`${name}\` must be true or false`),
    ...(['phoneNumber', 'skipIf'] as const)
      .filter((name) => !isOf(name, 'function'))
      .map((name) => `\`${name}\` must be a function`),
  ];
}

function refuse(problems: readonly string[]): never {
  throw new Error(`@RequireOtp() cannot work:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
}
