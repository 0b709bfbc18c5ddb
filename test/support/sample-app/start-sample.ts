import type { Type } from '@nestjs/common';
import type { OtpEvent } from 'nestjs-sms-otp';
import { type DeployedApp, type Deployment, type DeploymentOptions, eventsOfAll } from '../deployments.js';
import { Bank } from './bank.js';
import { OrdersController } from './orders.controller.js';
import { PayoutsController } from './payouts.controller.js';
import { purposes } from './purposes.js';
import { ReportsController } from './reports.controller.js';
import { SampleClient } from './sample-client.js';
import { SampleCaller, SessionGuard } from './session.guard.js';
import { SettingsController } from './settings.controller.js';
import { SignInController } from './sign-in.controller.js';

export interface Sample {
  readonly otp: DeployedApp;
  readonly bank: Bank;
  readonly events: readonly OtpEvent[];
  /** A client of a person who is signed in; without one, of nobody. */
  client(person?: Parameters<Bank['open']>[0]): SampleClient;
}

/** The parts of "Acme payouts", for whoever starts it in another way. */
export function sampleParts(bank: Bank, more: readonly Type[] = []) {
  return {
    purposes,
    caller: SampleCaller,
    metadata: {
      controllers: [
        PayoutsController,
        SettingsController,
        ReportsController,
        SignInController,
        OrdersController,
        ...more,
      ],
      providers: [{ provide: Bank, useValue: bank }, SampleCaller, SessionGuard],
    },
  };
}

/** "Acme payouts": money goes out only with a code. */
export async function startSample(deployment: Deployment, options: DeploymentOptions = {}): Promise<Sample> {
  const bank = new Bank();
  const parts = sampleParts(bank, options.metadata?.controllers);
  const providers = [...parts.metadata.providers, ...(options.metadata?.providers ?? [])];
  const otp = await deployment.start({ ...parts, ...options, metadata: { ...parts.metadata, providers } });
  return {
    otp,
    bank,
    events: eventsOfAll(otp),
    client: (person) => new SampleClient(otp, bank, person),
  };
}
