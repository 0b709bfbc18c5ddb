import { Mutation, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { describe, expect, it } from 'vitest';
import { guardsFields, isFieldResolver, isOperation } from './field-resolver.js';

describe('isFieldResolver and isOperation', () => {
  @Resolver('Account')
  class AccountResolver {
    @Query(() => String)
    account() {}

    @Mutation(() => String)
    close() {}

    @ResolveField(() => String)
    iban() {}

    @ResolveReference()
    resolveReference() {}

    helper() {}
  }

  @Resolver('Query')
  class QueryResolver {
    @ResolveField(() => String)
    account() {}
  }

  const those = (is: (handler: object, target: object) => boolean, target: NewableFunction) =>
    Object.getOwnPropertyNames(target.prototype).filter((name) => {
      const handler: unknown = Reflect.get(Object(target.prototype), name);
      return name !== 'constructor' && typeof handler === 'function' && is(handler, target);
    });

  it('knows the fields of types and references by the marks of the package', () => {
    expect(those(isFieldResolver, AccountResolver)).toEqual(['iban', 'resolveReference']);
    expect(those(isOperation, AccountResolver)).toEqual(['account', 'close']);
  });

  it('takes the fields of a query for what they are', () => {
    expect(those(isFieldResolver, QueryResolver)).toEqual([]);
    expect(those(isOperation, QueryResolver)).toEqual(['account']);
  });
});

describe('guardsFields', () => {
  it.each([
    [{ fieldResolverEnhancers: ['guards', 'interceptors'] }, true],
    [{ fieldResolverEnhancers: ['guards'] }, false],
    [{ fieldResolverEnhancers: ['filters', 'interceptors', 'guards'] }, true],
    [{ fieldResolverEnhancers: ['interceptors'] }, false],
    [{ fieldResolverEnhancers: [] }, false],
    [{ fieldResolverEnhancers: 'guards' }, false],
    [{}, false],
    [undefined, false],
  ])('%j: %j', (options, expected) => {
    expect(guardsFields(options)).toBe(expected);
  });
});
