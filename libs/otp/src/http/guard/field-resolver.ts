/** What `@nestjs/graphql` leaves on resolvers; it exports no names for it. */
const RESOLVER_TYPE = 'graphql:resolver_type';
const FIELD_MARKS = ['graphql:resolve_property', 'graphql:resolve_reference'];
const ROOT_TYPES: readonly unknown[] = ['Query', 'Mutation', 'Subscription'];

/** Where `GraphQLModule` keeps its options. */
export const GRAPHQL_OPTIONS = 'GqlModuleOptions';

/** Whether a handler is a query, mutation or subscription: its arguments are part of what is called. */
export function isOperation(handler: object, target: object): boolean {
  const type: unknown = Reflect.getMetadata(RESOLVER_TYPE, handler) ?? Reflect.getMetadata(RESOLVER_TYPE, target);
  return ROOT_TYPES.includes(type);
}

/** Whether a handler resolves a field of any other type, or its reference: guards pass it by. */
export function isFieldResolver(handler: object, target: object): boolean {
  return !isOperation(handler, target) && FIELD_MARKS.some((mark) => Reflect.getMetadata(mark, handler) === true);
}

/** Whether the options of a `GraphQLModule` have guards and interceptors before the fields of types as well. */
export function guardsFields(options: unknown): boolean {
  const enhancers: unknown =
    typeof options === 'object' && options !== null ? Reflect.get(options, 'fieldResolverEnhancers') : undefined;
  return Array.isArray(enhancers) && ['guards', 'interceptors'].every((enhancer) => enhancers.includes(enhancer));
}
