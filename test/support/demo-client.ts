import { z } from 'zod';
import { PHONE_NUMBER, type RunningDemo } from './demo-app.js';

const challengeSchema = z.object({ challengeId: z.string() });
const proofSchema = z.object({ proof: z.string() });

/** Sent with every request, as a proxy or a browser would. */
export type Headers = Readonly<Record<string, string>>;

/** Speaks to the demo as its page does, without a browser. */
export class DemoClient {
  constructor(
    private readonly demo: RunningDemo,
    private readonly headers: Headers = {},
  ) {}

  get(path: string, headers: Headers = {}): Promise<Response> {
    return this.fetch(path, { headers });
  }

  post(path: string, { body, headers = {} }: { body?: unknown; headers?: Headers } = {}): Promise<Response> {
    const json = body !== undefined && { 'Content-Type': 'application/json' };
    return this.fetch(path, {
      method: 'POST',
      headers: { ...json, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  /** A proof for the number, from a code that the simulated phone got. */
  async prove(phoneNumber = PHONE_NUMBER): Promise<string> {
    const issued = await this.post('/otp/challenges', { body: { phoneNumber } });
    const { challengeId } = challengeSchema.parse(await issued.json());
    const code = this.demo.lastCodeTo(phoneNumber);
    const verified = await this.post(`/otp/challenges/${challengeId}/verify`, { body: { code } });
    return proofSchema.parse(await verified.json()).proof;
  }

  /** Signs in and gives the `Set-Cookie` header. */
  async signIn({
    phoneNumber = PHONE_NUMBER,
    cookie,
  }: { phoneNumber?: string; cookie?: string } = {}): Promise<string> {
    const proof = await this.prove(phoneNumber);
    const headers = { 'OTP-Proof': proof, ...(cookie !== undefined && { Cookie: cookie }) };
    const response = await this.post('/session', { headers });
    const [setCookie, ...others] = response.headers.getSetCookie();
    if (response.status !== 201 || setCookie === undefined || others.length > 0) {
      throw new Error(`signing in was answered ${response.status}: ${await response.text()}`);
    }
    return setCookie;
  }

  private fetch(path: string, init: Omit<RequestInit, 'headers'> & { readonly headers: Headers }): Promise<Response> {
    const headers = { ...this.headers, ...init.headers };
    return fetch(new URL(path, this.demo.url), { redirect: 'manual', ...init, headers });
  }
}

/** `name=value` of a `Set-Cookie` header, as a browser sends it back. */
export function cookieOf(setCookie: string): string {
  return setCookie.split(';')[0] ?? '';
}
