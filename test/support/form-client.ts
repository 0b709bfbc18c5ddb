import { randomInt } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { RunningDemo } from './demo-app.js';
import { callHttp, type HttpAnswer, type HttpCall } from './http.js';

export type Fields = Readonly<Record<string, string>>;

export const FORM = 'application/x-www-form-urlencoded';
export const PASSWORD = 'eggs on bare sand';

/** A browser as far as forms and cookies go, with an address of its own where the demo trusts proxies on loopback. */
export class FormClient {
  readonly cookies = new Map<string, string>();
  readonly address = ['11', ...Array.from({ length: 3 }, () => randomInt(1, 255))].join('.');

  constructor(
    private readonly demo: RunningDemo,
    private readonly headers: OutgoingHttpHeaders = {},
  ) {}

  get(path: string, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.call({ path, headers });
  }

  /** Sends a page's own form. */
  send(path: string, fields: Fields = {}, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    const body = new URLSearchParams(fields).toString();
    return this.call({ method: 'POST', path, body, headers: { 'Content-Type': FORM, ...headers } });
  }

  async call({ headers = {}, ...call }: HttpCall): Promise<HttpAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await callHttp(this.demo.url, {
      ...call,
      headers: { 'X-Forwarded-For': this.address, Cookie: cookie, ...this.headers, ...headers },
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.cookies[value === '' ? 'delete' : 'set'](name, value);
    }
    return answer;
  }

  /** Takes a cookie of another browser, or one that somebody made up. */
  plant(name: string, value: string | undefined): void {
    this.cookies.set(name, value ?? '');
  }

  async enterCodeSentTo(phoneNumber: string): Promise<string> {
    return wentTo(await this.send('/code', { code: this.demo.lastCodeTo(phoneNumber) }));
  }

  async askForCode(phoneNumber: string): Promise<void> {
    expectAt('/code', await this.send('/sign-in', { country: '', phoneNumber }));
  }

  async signIn(phoneNumber = freshNumber()): Promise<string> {
    await this.askForCode(phoneNumber);
    expectPath('/account', await this.enterCodeSentTo(phoneNumber));
    return phoneNumber;
  }

  /** Opens an account with {@link PASSWORD}. */
  async signUp(phoneNumber = freshNumber()): Promise<string> {
    const fields = { country: '', name: 'Noor de Wit', phoneNumber, password: PASSWORD };
    expectAt('/sign-up/check', await this.send('/sign-up', fields));
    expectAt('/code', await this.send('/sign-up/check', { channel: 'sms' }));
    expectPath('/account?done=welcome', await this.enterCodeSentTo(phoneNumber));
    return phoneNumber;
  }

  /** Whether somebody is signed in here. */
  async isSignedIn(): Promise<boolean> {
    return (await this.get('/account')).status === 200;
  }
}

/** Where an answer leads; its status where it leads nowhere. */
export function wentTo({ status, headers }: HttpAnswer): string {
  return status === 303 ? (headers.location ?? '') : String(status);
}

/** A Dutch mobile number (E.164) that nobody has used; not one of those that messages never reach. */
export function freshNumber(): string {
  return `+316${randomInt(20_000_00, 59_999_99)}${randomInt(1, 9)}`;
}

function expectAt(path: string, answer: HttpAnswer): void {
  expectPath(path, wentTo(answer));
}

function expectPath(path: string, seen: string): void {
  if (seen !== path) {
    throw new Error(`the bank led to ${seen}, not to ${path}`);
  }
}
