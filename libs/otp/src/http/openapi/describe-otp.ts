import type { OtpProblemCode } from '../problem.js';
import { guardExtension, guardProblems, guardSchemes, withSchemes } from './guard-description.js';
import { isJson, type Json, jsonOf, mapMembers } from './json.js';
import { requireSwagger } from './load-swagger.js';
import type { GuardMark } from './marks.js';
import { type MarkedOperation, takeMarks } from './operation-marks.js';
import { withProblems } from './problem-responses.js';
import { THROTTLE_REFUSALS } from './refusals.js';
import { ROUTES, withRoute } from './routes.js';
import { schemaComponents } from './schemas.js';

/** What is read of an OpenAPI document; that of `SwaggerModule.createDocument` is one. */
export interface OpenApiDocument {
  readonly paths: object;
  readonly components?: object;
  readonly security?: readonly object[];
}

/**
 * Lets the built-in routes, `@RequireOtp` and `@OtpThrottle` describe themselves in a document of `@nestjs/swagger`: bodies,
 * answers, problems, and what a guarded operation needs in addition to what it needs already. The given document stays as
 * it is.
 *
 * @throws Error when `@nestjs/swagger` was not found when routes were defined: the document would hide what is guarded.
 *
 * @example
 * const document = describeOtp(SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Acme').build()));
 */
export function describeOtp<T extends OpenApiDocument>(document: T): T {
  requireSwagger();
  const shared = (document.security ?? []).filter(isJson);
  const guards: GuardMark[] = [];

  const describe = (operation: Json): Json => {
    const marked = takeMarks(operation);
    guards.push(...(marked.guard === undefined ? [] : [marked.guard]));
    return describeOperation(marked, shared);
  };
  const paths = mapMembers(document.paths, (path) =>
    mapMembers(jsonOf(path), (member) => (isOperation(member) ? describe(member) : member)),
  );

  const components: Json = { ...document.components };
  const schemas = { ...jsonOf(components['schemas']), ...schemaComponents() };
  const ownSchemes = Object.fromEntries(guards.flatMap(guardSchemes).flatMap((schemes) => Object.entries(schemes)));
  const securitySchemes = { ...jsonOf(components['securitySchemes']), ...ownSchemes };
  return { ...document, paths, components: { ...components, schemas, securitySchemes } };
}

/** A path has texts and lists beside its operations. */
function isOperation(member: unknown): member is Json {
  return isJson(member) && isJson(member['responses']);
}

function describeOperation({ operation, route, guard, isThrottled }: MarkedOperation, shared: readonly Json[]): Json {
  const described = route === undefined ? operation : withRoute(operation, ROUTES[route]);
  const problems: OtpProblemCode[] = [
    ...(route === undefined ? [] : ROUTES[route].problems),
    ...(guard === undefined ? [] : guardProblems(guard)),
    ...(isThrottled ? THROTTLE_REFUSALS : []),
  ];
  const responses = withProblems(jsonOf(described['responses']), problems);
  if (guard === undefined) {
    return { ...described, responses };
  }
  const existing = Array.isArray(operation['security']) ? operation['security'].filter(isJson) : shared;
  const security = withSchemes(existing, guardSchemes(guard));
  return { ...described, responses, security, 'x-otp': guardExtension(guard) };
}
