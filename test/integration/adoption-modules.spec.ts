import {
  Controller,
  type DynamicModule,
  type ExecutionContext,
  Inject,
  Injectable,
  type INestApplication,
  Module,
  type ModuleMetadata,
  Post,
  Scope,
  UseGuards,
} from '@nestjs/common';
import { LazyModuleLoader, REQUEST } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  type GuardedCall,
  type OtpCallerIdentity,
  OtpGuard,
  OtpModule,
  OtpProof,
  type OtpPurposes,
  type OtpRequirement,
  OtpService,
  RequireOtp,
  type VerifiedOtp,
} from 'nestjs-sms-otp';
import { FakeOtp } from 'nestjs-sms-otp/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectProblem } from '../support/expect-problem.js';
import { AccountCaller, AccountGuard, ACCOUNTS, type AccountRequest } from '../support/guarded-app.js';
import { callHttp, NUMBER } from '../support/http.js';
import { ADAPTERS, listen, TEST_SECRET } from '../support/otp-app.js';
import { challengeIdOf, codeHeaders } from '../support/sample-app/sample-client.js';

const options = { serviceName: 'Acme', secrets: [TEST_SECRET], purposes: { payout: {} } };

@UseGuards(AccountGuard)
@Controller('payouts')
class PayoutsController {
  @Post()
  @RequireOtp('payout', { binding: false })
  pay(@OtpProof() { subject }: VerifiedOtp) {
    return { subject };
  }
}

@Module({ controllers: [PayoutsController] })
class PayoutsModule {}

/** One for each request, which it is told by Nest. */
@UseGuards(AccountGuard)
@Controller({ path: 'payouts', scope: Scope.REQUEST })
class RequestScopedController {
  constructor(@Inject(REQUEST) private readonly request: AccountRequest) {}

  @Post()
  @RequireOtp('payout', { binding: false })
  pay() {
    return { subject: ACCOUNTS[this.request.account ?? '']?.subject };
  }
}

@Injectable({ scope: Scope.REQUEST })
class RequestScopedGuard extends AccountGuard {
  constructor(@Inject(REQUEST) readonly request: AccountRequest) {
    super();
  }
}

@UseGuards(RequestScopedGuard)
@Controller('payouts')
class ScopedGuardController extends PayoutsController {}

@Injectable({ scope: Scope.REQUEST })
class RequestScopedCaller extends AccountCaller {}

/** A service of the application, for a guard of its own. */
@Injectable()
class Directory {
  find(account: string | undefined): OtpCallerIdentity | undefined {
    return ACCOUNTS[account ?? ''];
  }
}

@Module({ providers: [Directory], exports: [Directory] })
class DirectoryModule {}

@Injectable()
class AppOtpGuard extends OtpGuard {
  @Inject(Directory) private readonly directory: Directory | undefined;

  protected override async getCaller(_requirement: OtpRequirement, _call: GuardedCall, context: ExecutionContext) {
    return this.directory?.find(context.switchToHttp().getRequest<AccountRequest>().account);
  }
}

/** A part of an application with people, purposes and routes of its own. */
function part(name: string, purpose: string, purposes: OtpPurposes = { [purpose]: {} }): DynamicModule {
  @UseGuards(AccountGuard)
  @Controller(name)
  class PartController {
    @Post()
    @RequireOtp(purpose, { binding: false })
    pay(@OtpProof() { subject }: VerifiedOtp) {
      return { subject };
    }
  }
  @Module({})
  class PartModule {}
  const routes = { path: `${name}/otp` };
  return {
    module: PartModule,
    imports: [OtpModule.forRoot({ ...options, purposes, isGlobal: false, caller: AccountCaller, routes })],
    controllers: [PartController],
    providers: [AccountCaller],
  };
}

describe.each(ADAPTERS)('modules of an application, on %s', (adapter) => {
  let fake: FakeOtp;
  let app: INestApplication;

  afterEach(() => app.close());

  const start = async (metadata: ModuleMetadata) => {
    fake = new FakeOtp();
    const ref = await fake.override(Test.createTestingModule(metadata)).compile();
    app = await listen(ref, { adapter });
  };

  const pay = async (headers: Record<string, string> = {}, path = '/payouts') =>
    callHttp(await app.getUrl(), { method: 'POST', path, headers: { 'X-Account': 'victim', ...headers } });

  const expectToWork = async (path = '/payouts') => {
    const asked = await pay({}, path);
    expectProblem(asked, 401, 'otp_required');
    const answer = codeHeaders({ challengeId: challengeIdOf(asked), code: fake.lastCodeTo(NUMBER) });
    expect(await pay(answer, path)).toMatchObject({ status: 201, body: { subject: 'user-victim' } });
    expectProblem(await pay(answer, path), 410, 'challenge_gone');
  };

  it('a controller of any module is guarded', async () => {
    await start({
      imports: [PayoutsModule, OtpModule.forRoot({ ...options, caller: AccountCaller })],
      providers: [AccountCaller],
    });
    await expectToWork();
  });

  it('controllers and guards of one request each are guarded', async () => {
    for (const controller of [RequestScopedController, ScopedGuardController]) {
      await start({
        imports: [OtpModule.forRoot({ ...options, caller: AccountCaller })],
        controllers: [controller],
        providers: [AccountCaller],
      });
      await expectToWork();
      await app.close();
    }
  });

  it('isGlobal: false serves the modules that import it', async () => {
    const sms = OtpModule.forRoot({ ...options, isGlobal: false, caller: AccountCaller });
    @Module({ imports: [sms], exports: [sms] })
    class SmsModule {}
    @Module({ imports: [SmsModule], controllers: [PayoutsController], providers: [AccountCaller] })
    class OwnPayoutsModule {}
    await start({ imports: [OwnPayoutsModule] });
    await expectToWork();
  });

  it('two modules serve an application with two kinds of people', async () => {
    await start({ imports: [part('staff', 'refund'), part('customers', 'payout')] });
    await expectToWork('/staff');
    fake.clock.advanceSeconds(30);
    await expectToWork('/customers');
  });

  it('a guard of the application’s own has its services, from what the module imports', async () => {
    await start({
      imports: [
        PayoutsModule,
        OtpModule.forRootAsync({ imports: [DirectoryModule], useFactory: () => options, guard: AppOtpGuard }),
      ],
    });
    await expectToWork();
    expect(app.get(OtpGuard)).toBeInstanceOf(AppOtpGuard);
  });

  it('services of modules that are loaded late find what they need', async () => {
    await start({ imports: [OtpModule.forRoot(options)] });
    @Injectable()
    class Reports {
      constructor(readonly otp: OtpService) {}
    }
    @Module({ providers: [Reports] })
    class ReportsModule {}
    const late = await app.get(LazyModuleLoader).load(() => ReportsModule);
    const result = await late.get(Reports).otp.issue({ purpose: 'payout', phoneNumber: NUMBER, client: 'none' });
    expect(result.outcome).toBe('issued');
  });
});

describe('what cannot work is told at the start', () => {
  const compile = (metadata: ModuleMetadata) => new FakeOtp().override(Test.createTestingModule(metadata)).compile();

  it('a guarded controller where the module is not imported', async () => {
    const sms = OtpModule.forRoot({ ...options, isGlobal: false, caller: AccountCaller });
    await expect(compile({ imports: [sms, PayoutsModule], providers: [AccountCaller] })).rejects.toThrow(
      /OtpGuard.*PayoutsModule/s,
    );
  });

  it('a purpose that the module in reach does not declare, and no other', async () => {
    const ref = await compile({ imports: [part('staff', 'refund'), part('customers', 'payout', { pay: {} })] });
    const error: unknown = await ref.init().catch((reason: unknown) => reason);
    expect(String(error).split('\n').slice(1)).toEqual([
      "- PartController.pay: purpose 'payout' is not declared in the option `purposes`",
    ]);
    await ref.close();
  });

  it('a caller of one request each, or none', async () => {
    for (const providers of [[RequestScopedCaller], []]) {
      const ref = await compile({
        imports: [OtpModule.forRoot({ ...options, caller: RequestScopedCaller })],
        providers,
      });
      await expect(ref.init()).rejects.toThrow('the caller RequestScopedCaller is no provider of the application');
      await ref.close();
    }
  });
});
