import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AccountsService } from './accounts.service.js';
import { Passwords } from './passwords.js';

/** As the password page shows it. */
export const SAMPLE_CUSTOMER = { phone: '+31 6 40001001', password: 'terns nest in june' } as const;

/** The customer that development has from the start, so that a password can be tried at once. Production has none. */
@Injectable()
export class SampleCustomer implements OnApplicationBootstrap {
  constructor(
    private readonly accounts: AccountsService,
    private readonly passwords: Passwords,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { phone, password } = SAMPLE_CUSTOMER;
    const passwordHash = await this.passwords.hash(password);
    // Of several instances one opens the account.
    await this.accounts.open({ name: 'Robin de Vries', phoneNumber: phone.replaceAll(' ', ''), passwordHash });
  }
}
