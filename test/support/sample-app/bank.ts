import { randomUUID } from 'node:crypto';
import { OTHER_NUMBER, NUMBER } from '../http.js';

export type Person = 'ann' | 'eve' | 'ben';

export interface Account {
  readonly subject: string;
  readonly phoneNumber: string;
}

/** A handler that ran, and what it was given. */
export interface Ran {
  readonly handler: string;
  readonly seen: unknown;
}

/** What the application keeps, for all of its instances: people, sessions, and which handlers ran. */
export class Bank {
  readonly ran: Ran[] = [];
  /** Whether a code is worth something only in the session that asked for it. */
  bindsSessions = false;
  /** What the application does instead of telling who is signed in. */
  callerFault: (() => never) | undefined;
  /** As a database does that finds nobody; the compiler would refuse it. */
  answersNull = false;
  private readonly people = new Map<Person, Account>([
    ['ann', { subject: 'user-ann', phoneNumber: NUMBER }],
    ['eve', { subject: 'user-eve', phoneNumber: OTHER_NUMBER }],
    // Of Ann's household: another account with her number.
    ['ben', { subject: 'user-ben', phoneNumber: NUMBER }],
  ]);
  private readonly sessions = new Map<string, Person>();

  get handlers(): readonly string[] {
    return this.ran.map(({ handler }) => handler);
  }

  run(handler: string, seen: unknown = {}): { readonly done: string } {
    this.ran.push({ handler, seen });
    return { done: handler };
  }

  account(person: Person): Account {
    const account = this.people.get(person);
    if (account === undefined) {
      throw new Error(`nobody is called ${person}`);
    }
    return account;
  }

  change(person: Person, change: Partial<Account>): void {
    this.people.set(person, { ...this.account(person), ...change });
  }

  personOf(phoneNumber: string): Person | undefined {
    return [...this.people].find(([, account]) => account.phoneNumber === phoneNumber)?.[0];
  }

  open(person: Person): string {
    const id = randomUUID();
    this.sessions.set(id, person);
    return id;
  }

  end(id: string | undefined): void {
    this.sessions.delete(id ?? '');
  }

  signedIn(id: string | undefined): Person | undefined {
    return this.sessions.get(id ?? '');
  }
}
