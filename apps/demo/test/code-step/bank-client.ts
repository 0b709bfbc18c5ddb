import type { RunningDemo } from '../../../../test/support/demo-app.js';

export interface BankAnswer {
  readonly status: number;
  /** Where a redirect leads. */
  readonly location: string | undefined;
  readonly page: string;
  readonly headers: Headers;
}

export type Fields = Readonly<Record<string, string>>;

/** A browser without JavaScript, as far as the bank can tell: forms, redirects and cookies. */
export class BankClient {
  /** By name; a test may read, keep and plant them. */
  readonly cookies = new Map<string, string>();
  private readonly demo: RunningDemo;
  private readonly headers: Fields;

  constructor(demo: RunningDemo, headers: Fields = {}) {
    this.demo = demo;
    this.headers = { Accept: 'text/html', 'Accept-Language': 'en', ...headers };
  }

  get(path: string): Promise<BankAnswer> {
    return this.ask(path, {});
  }

  send(path: string, fields: Fields = {}): Promise<BankAnswer> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Enters the newest code of a number; by default as the page does, for the step that it shows. */
  async enterCodeSentTo(phoneNumber: string, fields: Fields = {}): Promise<BankAnswer> {
    return this.send('/code', { step: await this.stepShown(), code: this.demo.lastCodeTo(phoneNumber), ...fields });
  }

  /** What the page of the code sends along to say which code it asks for. */
  async stepShown(): Promise<string> {
    return /name="step"[^>]* value="([^"]+)"/.exec((await this.get('/code')).page)?.[1] ?? '';
  }

  async signIn(phoneNumber: string, fields: Fields = {}): Promise<BankAnswer> {
    await this.send('/sign-in', { country: '', phoneNumber });
    return this.enterCodeSentTo(phoneNumber, fields);
  }

  private async ask(path: string, init: Omit<RequestInit, 'headers'>): Promise<BankAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.demo.url), {
      ...init,
      redirect: 'manual',
      headers: { ...this.headers, ...(cookie !== '' && { Cookie: cookie }) },
    });
    response.headers.getSetCookie().forEach((line) => this.keep(line));
    const { status, headers } = response;
    return { status, headers, location: headers.get('location') ?? undefined, page: await response.text() };
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*Max-Age=0(?:;|$)/i.test(line)) {
      this.cookies.delete(name);
    } else {
      this.cookies.set(name, value);
    }
  }
}
