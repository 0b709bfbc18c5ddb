import { Injectable } from '@nestjs/common';
import type { DynamicModule, ExecutionContext } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  Args,
  Field,
  GqlExecutionContext,
  GraphQLModule,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  type OtpCaller,
  type OtpCallerIdentity,
  OtpProof,
  RequireOtp,
  SkipOtp,
  toOtpException,
  type VerifiedOtp,
  VerifiedPhone,
} from 'nestjs-sms-otp';
import { z } from 'zod';
import { ACCOUNTS } from './guarded-app.js';
import { GraphqlClient } from './graphql-client.js';
import { type AdapterName, type OtpApp, type OtpAppOptions, startOtpApp } from './otp-app.js';

export interface GraphqlServer {
  readonly name: string;
  readonly adapter: AdapterName;
  module(options: GraphqlOptions): DynamicModule;
}

export interface GraphqlOptions {
  /** Whether guards stand before the fields of types as well. @default true */
  readonly guardFields?: boolean;
  /** What resolvers get, as the application makes it of what the server gives. @default the driver's own */
  readonly context?: (...args: readonly unknown[]) => object;
  /** Mercurius: after how many runs an operation is compiled. @default never */
  readonly jit?: number;
}

export const GRAPHQL_SERVERS: readonly GraphqlServer[] = [
  {
    name: 'Apollo on Express',
    adapter: 'express',
    module: ({ guardFields, context }) =>
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        autoSchemaFile: true,
        graphiql: false,
        allowBatchedHttpRequests: true,
        // As in production.
        includeStacktraceInErrorResponses: false,
        subscriptions: { 'graphql-ws': true },
        fieldResolverEnhancers: guardFields === false ? [] : ['guards', 'interceptors'],
        ...(context === undefined ? {} : { context }),
      }),
  },
  {
    name: 'Mercurius on Fastify',
    adapter: 'fastify',
    module: ({ guardFields, context, jit = 0 }) =>
      GraphQLModule.forRoot<MercuriusDriverConfig>({
        driver: MercuriusDriver,
        autoSchemaFile: true,
        jit,
        allowBatchedQueries: true,
        subscription: { fullWsTransport: true },
        fieldResolverEnhancers: guardFields === false ? [] : ['guards', 'interceptors'],
        ...(context === undefined ? {} : { context }),
      }),
  },
];

/** Knows the account by a header, as an application would by a session. */
@Injectable()
export class HeaderCaller implements OtpCaller {
  resolve({ headers }: { headers: Readonly<Record<string, unknown>> }): OtpCallerIdentity | undefined {
    const account = headers['x-account'];
    return typeof account === 'string' ? ACCOUNTS[account] : undefined;
  }
}

@ObjectType()
class Receipt {
  @Field() readonly amount!: string;
  @Field() readonly payee!: string;
  @Field() readonly phoneNumber!: string;
  @Field() readonly purpose!: string;
}

@ObjectType()
class Account {
  @Field() readonly id!: string;
}

const argsOf = (context: ExecutionContext): Readonly<Record<string, string>> =>
  GqlExecutionContext.create(context).getArgs();

const payout = {
  binding: (_request: unknown, context: ExecutionContext) => {
    const { amount = '', payee = '' } = argsOf(context);
    return { amount, payee };
  },
};

/** Protected fields of every kind; `calls` lists those that ran, with their arguments. */
export function guardedResolvers() {
  const calls: string[] = [];
  const ran = (call: string): string => {
    calls.push(call);
    return call;
  };

  @Resolver()
  class FieldsResolver {
    @Mutation(() => Receipt)
    @RequireOtp('payout', payout)
    pay(
      @Args('amount') amount: string,
      @Args('payee') payee: string,
      @OtpProof() { phoneNumber, purpose }: VerifiedOtp,
    ) {
      ran(`pay ${amount} ${payee}`);
      return { amount, payee, phoneNumber, purpose };
    }

    @Mutation(() => String)
    @RequireOtp('second', { mode: 'inline' })
    rename(@Args('name') name: string) {
      return ran(`rename ${name}`);
    }

    @Mutation(() => String)
    @RequireOtp('second', { mode: 'inline', binding: false })
    remove(@Args('name') name: string) {
      return ran(`remove ${name}`);
    }

    @Mutation(() => String)
    @RequireOtp('login', { mode: 'proof' })
    enter(@VerifiedPhone() phoneNumber: string) {
      return ran(`enter ${phoneNumber}`);
    }

    @Mutation(() => String)
    @RequireOtp('login', { mode: 'proof', singleUse: true })
    enterOnce(@VerifiedPhone() phoneNumber: string) {
      return ran(`enterOnce ${phoneNumber}`);
    }

    @Mutation(() => String)
    @RequireOtp('second', { binding: false, skipIf: ({ headers }) => headers['x-roll-out'] === 'not-yet' })
    rolledOut() {
      return ran('rolledOut');
    }

    @Mutation(() => String)
    forgotten(@VerifiedPhone() phoneNumber: string) {
      return ran(`forgotten ${phoneNumber}`);
    }

    @Mutation(() => String)
    refusing(): string {
      throw toOtpException({ outcome: 'challenge_gone' });
    }

    @Query(() => String)
    @RequireOtp('second', { binding: false, cookie: 'proof' })
    balance() {
      return ran('balance');
    }

    @Query(() => String)
    @RequireOtp('second', { binding: false, startOnSafeMethods: true })
    statement() {
      return ran('statement');
    }

    @Query(() => String)
    open() {
      return ran('open');
    }

    @Query(() => [Account])
    accounts() {
      return [{ id: 'one' }, { id: 'two' }];
    }

    @Subscription(() => String)
    @RequireOtp('login', { mode: 'proof', cookie: 'proof' })
    payments(): AsyncIterable<unknown> {
      ran('payments');
      return (async function* () {
        yield { payments: 'first' };
      })();
    }
  }

  @RequireOtp('second', { binding: false, cookie: 'proof' })
  @Resolver()
  class ClassResolver {
    @Mutation(() => String)
    transfer() {
      return ran('transfer');
    }

    /** Behind two guards. */
    @Mutation(() => String)
    @RequireOtp('second', { maxAgeSeconds: 60 })
    transferFresh() {
      return ran('transferFresh');
    }

    @Mutation(() => String)
    @SkipOtp()
    cancel() {
      return ran('cancel');
    }
  }

  /** What a field belongs to is not among its arguments, so it is bound by hand. */
  @Resolver(() => Account)
  class AccountResolver {
    @ResolveField(() => String, { nullable: true })
    @RequireOtp('payout', {
      startOnSafeMethods: true,
      binding: (_request, context) => ({
        amount: '1',
        payee: GqlExecutionContext.create(context).getRoot<Account>().id,
      }),
    })
    iban(@Parent() { id }: Account) {
      return ran(`iban ${id}`);
    }
  }

  return { calls, resolvers: [FieldsResolver, ClassResolver, AccountResolver] };
}

export const PURPOSES = {
  login: { start: 'public' },
  second: {},
  payout: { binding: z.object({ amount: z.string().min(1), payee: z.string() }) },
} as const;

export interface GraphqlAppOptions extends OtpAppOptions, GraphqlOptions {
  readonly server: GraphqlServer;
}

export interface GraphqlApp extends OtpApp {
  readonly client: GraphqlClient;
  readonly calls: string[];
}

export async function startGraphqlApp({
  server,
  guardFields = true,
  context,
  jit = 0,
  metadata = {},
  ...options
}: GraphqlAppOptions): Promise<GraphqlApp> {
  const { calls, resolvers } = guardedResolvers();
  const otp = await startOtpApp({
    adapter: server.adapter,
    purposes: PURPOSES,
    caller: HeaderCaller,
    ...options,
    metadata: {
      ...metadata,
      imports: [server.module({ guardFields, jit, ...(context && { context }) }), ...(metadata.imports ?? [])],
      providers: [HeaderCaller, ...resolvers, ...(metadata.providers ?? [])],
    },
  });
  return { ...otp, client: new GraphqlClient(otp), calls };
}
