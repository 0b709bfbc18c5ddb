import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Records, type SeenRecord } from '../records/records.js';
import { Seal } from '../records/seal.js';
import { type Account, ACCOUNTS, NUMBER_OWNERS, type Transfer } from './account.js';

export interface NewAccount {
  readonly name: string;
  /** E.164, proved. */
  readonly phoneNumber: string;
  readonly passwordHash?: string;
}

/** What a new customer is given. */
const WELCOME = { cents: 241_806, savingsCents: 1_195_000 } as const;
const MAX_TRANSFERS = 20;

export type TransferResult = 'made' | 'no_funds';

/** The bank's customers. A number belongs to at most one of them. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly records: Records,
    private readonly seal: Seal,
  ) {}

  async find(id: string): Promise<Account | undefined> {
    return this.records.find(ACCOUNTS, id);
  }

  async findByNumber(phoneNumber: string): Promise<Account | undefined> {
    const id = (await this.seeOwner(phoneNumber)).value;
    const account = id === undefined ? undefined : await this.find(id);
    return account?.phoneNumber === phoneNumber ? account : undefined;
  }

  /** `undefined` where the number is somebody's already. */
  async open({ name, phoneNumber, passwordHash }: NewAccount): Promise<Account | undefined> {
    const account: Account = {
      id: randomUUID(),
      name,
      phoneNumber,
      ...(passwordHash !== undefined && { passwordHash }),
      sessionEpoch: 0,
      ...WELCOME,
      transfers: [],
    };
    return this.records.transact(async () => {
      const owner = await this.seeOwner(phoneNumber);
      if (await this.isTaken(phoneNumber, owner.value)) {
        return { changes: [], result: undefined };
      }
      const none = await this.records.see(ACCOUNTS, account.id);
      return { changes: [none.put(account), owner.put(account.id)], result: account };
    });
  }

  async findOrOpen(phoneNumber: string): Promise<Account> {
    const account =
      (await this.findByNumber(phoneNumber)) ??
      (await this.open({ name: '', phoneNumber })) ??
      (await this.findByNumber(phoneNumber));
    if (account === undefined) {
      throw new Error('an account was opened and closed at once');
    }
    return account;
  }

  /** Ends every session. */
  async signOutEverywhere(id: string): Promise<void> {
    await this.records.update(ACCOUNTS, id, (account) => ({ ...account, sessionEpoch: account.sessionEpoch + 1 }));
  }

  /** Nothing is made where the account's sessions were all ended meanwhile. */
  async transfer(
    { id, sessionEpoch }: Pick<Account, 'id' | 'sessionEpoch'>,
    transfer: Transfer,
  ): Promise<TransferResult> {
    const account = await this.records.update(ACCOUNTS, id, (former) =>
      former.cents < transfer.cents || former.sessionEpoch !== sessionEpoch
        ? undefined
        : {
            ...former,
            cents: former.cents - transfer.cents,
            transfers: [transfer, ...former.transfers].slice(0, MAX_TRANSFERS),
          },
    );
    return account === undefined ? 'no_funds' : 'made';
  }

  /**
   * Ends every session but the one that is begun after it. Account and both numbers change in one step, so that at no moment
   * a number leads to nobody or an account has none. `undefined` where the number is taken, the account's has
   * changed, or all its sessions were ended meanwhile.
   */
  async changeNumber(
    { id, phoneNumber: former, sessionEpoch }: Account,
    phoneNumber: string,
  ): Promise<Account | undefined> {
    return this.records.transact(async () => {
      const account = await this.records.see(ACCOUNTS, id);
      const owner = await this.seeOwner(phoneNumber);
      const isSame = account.value?.phoneNumber === former && account.value.sessionEpoch === sessionEpoch;
      if (account.value === undefined || !isSame || (await this.isTaken(phoneNumber, owner.value))) {
        return { changes: [], result: undefined };
      }
      const result = { ...account.value, phoneNumber, sessionEpoch: account.value.sessionEpoch + 1 };
      const left = await this.seeOwner(former);
      const release = left.value === id ? [left.remove()] : [];
      return { changes: [account.change(result), owner.put(id), ...release], result };
    });
  }

  private seeOwner(phoneNumber: string): Promise<SeenRecord<string>> {
    return this.records.see(NUMBER_OWNERS, this.seal.index(phoneNumber));
  }

  /** A number whose account is gone is free. */
  private async isTaken(phoneNumber: string, owner: string | undefined): Promise<boolean> {
    const account = owner === undefined ? undefined : await this.find(owner);
    return account?.phoneNumber === phoneNumber;
  }
}
