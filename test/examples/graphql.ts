import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type CanActivate, UnauthorizedException } from '@nestjs/common';
import { Field, GraphQLModule, ObjectType, Parent, Query, ResolveField } from '@nestjs/graphql';
import { AppOtpCaller, UsersService } from './step-up.js';
import { purposes } from './purposes.js';

interface Payout {
  readonly amount: string;
  readonly payee: string;
}

@ObjectType()
class Receipt implements Payout {
  @Field() readonly amount!: string;
  @Field() readonly payee!: string;
  @Field() readonly by!: string;
}

@ObjectType()
class Account {
  @Field() readonly id!: string;
}

interface SignedInRequest {
  readonly headers: { readonly authorization?: string };
  user: { readonly id: string };
}

/** Stands in for an application's own authentication: here the token is the account's name. */
@Injectable()
export class GqlAuthGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { req } = GqlExecutionContext.create(context).getContext<{ readonly req: SignedInRequest }>();
    const id = /^Bearer (\w+)$/.exec(req.headers.authorization ?? '')?.[1];
    if (id === undefined) {
      throw new UnauthorizedException();
    }
    req.user = { id };
    return true;
  }
}

// #region example
import { type ExecutionContext, Injectable, Module, UseGuards } from '@nestjs/common';
import { Args, GqlExecutionContext, Mutation, Resolver } from '@nestjs/graphql';
import { OtpModule, OtpProof, RequireOtp, type VerifiedOtp } from 'nestjs-sms-otp';

function payoutOf(context: ExecutionContext) {
  const { amount, payee } = GqlExecutionContext.create(context).getArgs<Payout>();
  return { amount, payee };
}

@UseGuards(GqlAuthGuard) // on the class, so that the caller is known before the code is asked for
@Resolver()
export class PayoutsResolver {
  @Mutation(() => Receipt)
  @RequireOtp('payout', { binding: (_request, context) => payoutOf(context) })
  pay(@Args('amount') amount: string, @Args('payee') payee: string, @OtpProof() proof: VerifiedOtp) {
    return { amount, payee, by: proof.subject };
  }
}
// #endregion example

// #region field
@UseGuards(GqlAuthGuard)
@Resolver(() => Account)
export class AccountsResolver {
  @Query(() => [Account])
  accounts() {
    return [{ id: 'savings' }, { id: 'shares' }];
  }

  /** The object is not among the arguments, so `binding` says which it is. */
  @ResolveField(() => String, { nullable: true })
  @RequireOtp('payout', {
    startOnSafeMethods: true, // a query sends no message unless asked
    binding: (_request, context) => ({
      amount: 'none',
      payee: GqlExecutionContext.create(context).getRoot<Account>().id,
    }),
  })
  iban(@Parent() { id }: Account) {
    return `NL00 ${id}`;
  }
}
// #endregion field

// #region module
@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      fieldResolverEnhancers: ['guards', 'interceptors'], // both run before the fields of types as well
      includeStacktraceInErrorResponses: false,
    }),
    OtpModule.forRoot({
      serviceName: 'Acme',
      secrets: [process.env['OTP_SECRET'] ?? ''],
      purposes,
      caller: AppOtpCaller, // the one for HTTP: `resolve` gets the HTTP request
    }),
  ],
  providers: [AppOtpCaller, UsersService, PayoutsResolver, AccountsResolver],
})
export class AppModule {}
// #endregion module
