import { Controller, Module, Post } from '@nestjs/common';
import { Args, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { RequireOtp } from 'nestjs-sms-otp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callHttp, NUMBER, type HttpAnswer } from '../support/http.js';
import { ADAPTERS, type OtpApp, startOtpApp } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

const ran: string[] = [];
const Guarded = () => RequireOtp('second', { mode: 'inline', phoneNumber: () => NUMBER, binding: false });

let app: OtpApp;

beforeEach(() => {
  ran.length = 0;
});

afterEach(() => app.close());

describe.each(ADAPTERS)('tenants told apart by their host, on %s', (adapter) => {
  it.each<[string, string | RegExp | (string | RegExp)[]]>([
    ['a parameter', ':tenant.acme.com'],
    ['a pattern', /^\w+\.acme\.com$/],
    ['one of several', [/^\w+\.acme\.com$/, 'acme.com']],
  ])('A4 case 22 a code of one opens nothing of another: %s', async (_name, host) => {
    @Controller({ path: 'payouts', host })
    class PayoutsController {
      @Post()
      @Guarded()
      pay() {
        ran.push('pay');
        return {};
      }
    }
    app = await startOtpApp({ adapter, purposes: { second: {} }, metadata: { controllers: [PayoutsController] } });
    const pay = (tenant: string, headers = {}) =>
      callHttp(app.url, { method: 'POST', path: '/payouts', headers: { Host: `${tenant}.acme.com`, ...headers } });
    const asked = await pay('ann');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: app.codeTo(NUMBER) });
    expect((await pay('bob', answer)).status).toBe(422);
    expect(ran).toEqual([]);
    expect((await pay('ann', answer)).status).toBe(201);
  });
});

describe('several schemas of GraphQL', () => {
  @Resolver()
  class ProductsResolver {
    @Query(() => String)
    products() {
      return 'products';
    }

    @Mutation(() => String)
    @Guarded()
    remove(@Args('id') id: string) {
      ran.push(`product ${id}`);
      return id;
    }
  }

  @Resolver()
  class UsersResolver {
    @Query(() => String)
    users() {
      return 'users';
    }

    @Mutation(() => String)
    @Guarded()
    remove(@Args('id') id: string) {
      ran.push(`user ${id}`);
      return id;
    }
  }

  @Module({ providers: [ProductsResolver] })
  class ProductsModule {}

  @Module({ providers: [UsersResolver] })
  class UsersModule {}

  const schemaOf = (path: string, module: typeof ProductsModule | typeof UsersModule) =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      path,
      include: [module],
      autoSchemaFile: true,
      graphiql: false,
    });

  const remove = (path: string, headers = {}): Promise<HttpAnswer> =>
    callHttp(app.url, { method: 'POST', path, headers, body: { query: 'mutation { remove(id: "5") }' } });

  it('A4 case 23 a code for a field of one opens no field of that name in another', async () => {
    app = await startOtpApp({
      purposes: { second: {} },
      metadata: {
        imports: [ProductsModule, UsersModule, schemaOf('/shop', ProductsModule), schemaOf('/admin', UsersModule)],
      },
    });
    const [, challengeId = ''] = /"challengeId":"([^"]+)"/.exec((await remove('/shop')).text) ?? [];
    const answer = codeHeaders({ challengeId, code: app.codeTo(NUMBER) });
    expect((await remove('/admin', answer)).text).toContain('incorrect_code');
    expect(ran).toEqual([]);
    await remove('/shop', answer);
    expect(ran).toEqual(['product 5']);
  });
});
